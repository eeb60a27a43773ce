#include "sim/model/kafka/partitioner.h"
#include "sim/model/kafka/record_batch.h"

#include <QTest>

#include <array>

using namespace sim;

namespace {

using Available = std::vector<AvailablePartition>;

Available idle(std::uint32_t partitions) {
    Available available;
    for (std::uint32_t i = 0; i < partitions; ++i) {
        available.push_back({.partition = i});
    }
    return available;
}

/// Which partition a keyless record of each choice would get: choices are taken in turn.
std::vector<std::uint32_t> allDraws(const Available& available, std::uint32_t partitions) {
    std::vector<std::uint32_t> drawn;
    RandomStream unused(1);
    for (std::optional<Chance::Script> script = Chance::Script{}; script;) {
        Chance chance = Chance::scripted(*script);
        drawn.push_back(drawPartition(available, partitions, chance, unused));
        script = nextScript(chance.choices());
    }
    return drawn;
}

/// How many records of this size in a row stay on one partition, each sent alone in a batch.
int recordsOnOnePartition(std::uint32_t valueBytes) {
    StickyPartition sticky(16'384);
    sticky.moveTo(0);
    int records = 0;
    while (!sticky.mustSwitch(true)) {
        // The batch is open when it is looked at, and gone before the next record comes.
        sticky.appended(batchHeaderBytes + recordBytes({}, valueBytes), false);
        ++records;
    }
    return records;
}

} // namespace

/// How producers choose partitions: https://kafka.apache.org/documentation/#producerconfigs,
/// "partitioner.class", and KIP-794 (Strictly Uniform Sticky Partitioner).
class TestKafkaPartitioner : public QObject {
    Q_OBJECT

private slots:
    /// The vectors of org.apache.kafka.common.utils.UtilsTest.testMurmur2.
    void murmur2IsThatOfKafka_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<int>("hash");
        const auto row = [](const QByteArray& key, int hash) {
            QTest::addRow("%s", key.toPercentEncoding().constData()) << key << hash;
        };
        row("21", -973932308);
        row("foobar", -790332482);
        row("a-little-bit-long-string", -985981536);
        row("a-little-bit-longer-string", -1486304829);
        row("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971);
        row("abc", 479470107);
        row("", 275646681);
        row("order-2", -1055499005);
        row(QByteArray("\0\0\0\1", 4), -173113808);
        row("\xc3\xa9", 186971271);
        row("\xff\xfe\xfd", 998637092);
    }
    void murmur2IsThatOfKafka() {
        QFETCH(QByteArray, key);
        QFETCH(int, hash);
        QCOMPARE(static_cast<int>(murmur2({key.constData(), std::size_t(key.size())})), hash);
    }

    void aKeyAlwaysHasOnePartition_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<std::vector<std::uint32_t>>("expected");
        const auto row = [](const char* key, std::vector<std::uint32_t> of2_3_4_6_10_12) {
            QTest::addRow("%s", key) << QByteArray(key) << of2_3_4_6_10_12;
        };
        row("", {1, 0, 1, 3, 1, 9});
        row("a", {0, 1, 0, 4, 4, 4});
        row("k0", {1, 2, 1, 5, 5, 5});
        row("k1", {1, 2, 1, 5, 7, 5});
        row("k2", {1, 0, 1, 3, 3, 9});
        row("k3", {0, 1, 0, 4, 6, 4});
        row("k4", {0, 1, 0, 4, 0, 4});
        row("k5", {0, 0, 0, 0, 4, 0});
        row("k6", {1, 1, 1, 1, 5, 1});
        row("k7", {0, 1, 0, 4, 8, 4});
        row("order-1", {0, 1, 2, 4, 6, 10});
        row("order-2", {1, 0, 3, 3, 3, 3});
        row("order-3", {1, 0, 3, 3, 9, 3});
        row("user-42", {0, 1, 0, 4, 0, 4});
        row("foobar", {0, 0, 2, 0, 6, 6});
    }
    void aKeyAlwaysHasOnePartition() {
        QFETCH(QByteArray, key);
        QFETCH(std::vector<std::uint32_t>, expected);
        std::vector<std::uint32_t> found;
        for (const std::uint32_t partitions : {2U, 3U, 4U, 6U, 10U, 12U}) {
            found.push_back(*partitionByKey(Partitioner::BuiltIn, key.toStdString(), partitions));
        }
        QCOMPARE(found, expected);
    }

    /// Two keys of eight stay where they are when a topic goes from four partitions to six.
    void morePartitionsMoveKeys() {
        int moved = 0;
        for (const std::string key : {"k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7"}) {
            moved += partitionByKey(Partitioner::BuiltIn, key, 4) !=
                     partitionByKey(Partitioner::BuiltIn, key, 6);
        }
        QCOMPARE(moved, 6);
    }

    /// The check value of CRC-32, and vectors of librdkafka's tests/0048-partitioner.c.
    void librdkafkaHashesOtherwise_data() {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<std::uint32_t>("hash");
        QTest::newRow("check") << QByteArray("123456789") << 0xcbf43926U;
        QTest::newRow("empty") << QByteArray("") << 0U;
        QTest::newRow("long") << QByteArray("this is another string with more length to it perhaps")
                              << 0xb0150df7U;
        QTest::newRow("short") << QByteArray("hejsan") << 0xd077037eU;
    }
    void librdkafkaHashesOtherwise() {
        QFETCH(QByteArray, key);
        QFETCH(std::uint32_t, hash);
        QCOMPARE(crc32(key.toStdString()), hash);
        QCOMPARE(partitionByKey(Partitioner::Consistent, key.toStdString(), 17),
                 std::optional(hash % 17));
    }

    /// The table `partitioner` of librdkafka's CONFIGURATION.md; partitioner.ignore.keys.
    void onlySomePartitionersTakeNoKeyForAnEmptyOne_data() {
        QTest::addColumn<int>("partitioner");
        QTest::addColumn<bool>("nullDecides");
        QTest::addColumn<bool>("emptyDecides");
        QTest::addColumn<bool>("keyDecides");
        const auto row = [](const char* name, Partitioner type, bool null, bool empty, bool key) {
            QTest::newRow(name) << int(type) << null << empty << key;
        };
        row("built-in", Partitioner::BuiltIn, false, true, true);
        row("round robin", Partitioner::RoundRobin, false, false, false);
        row("random", Partitioner::Random, false, false, false);
        row("consistent", Partitioner::Consistent, true, true, true);
        row("consistent_random", Partitioner::ConsistentRandom, false, false, true);
        row("murmur2", Partitioner::Murmur2, true, true, true);
        row("murmur2_random", Partitioner::Murmur2Random, false, true, true);
    }
    void onlySomePartitionersTakeNoKeyForAnEmptyOne() {
        QFETCH(int, partitioner);
        QFETCH(bool, nullDecides);
        QFETCH(bool, emptyDecides);
        QFETCH(bool, keyDecides);
        const auto type = static_cast<Partitioner>(partitioner);
        QCOMPARE(partitionByKey(type, {}, 7).has_value(), nullDecides);
        QCOMPARE(partitionByKey(type, "", 7).has_value(), emptyDecides);
        QCOMPARE(partitionByKey(type, "k", 7).has_value(), keyDecides);
        QVERIFY(!partitionByKey(type, "k", 7, true));
    }

    void theSameKeyLandsElsewhereWithAnotherClient() {
        QCOMPARE(partitionByKey(Partitioner::BuiltIn, "order-1", 12), std::optional(10U));
        QCOMPARE(partitionByKey(Partitioner::Murmur2Random, "order-1", 12), std::optional(10U));
        QCOMPARE(partitionByKey(Partitioner::ConsistentRandom, "order-1", 12),
                 std::optional(0xe0b37fefU % 12));
        QVERIFY(0xe0b37fefU % 12 != 10);
    }

    /// The example of BuiltInPartitioner: queues 0, 3 and 1 have the weights 4, 1 and 3.
    void shortQueuesAreLikelier() {
        const Available loads{{0, 0}, {1, 3}, {2, 1}};
        QCOMPARE(allDraws(loads, 3), (std::vector<std::uint32_t>{0, 0, 0, 0, 1, 2, 2, 2}));
        QCOMPARE(allDraws({{0, 5}, {1, 5}, {2, 5}}, 3), (std::vector<std::uint32_t>{0, 1, 2}));
    }

    void onlyAvailablePartitionsAreDrawnWhileThereAreAny() {
        QCOMPARE(allDraws({{1, 0}, {3, 0}}, 4), (std::vector<std::uint32_t>{1, 3}));
        QCOMPARE(allDraws({}, 4), (std::vector<std::uint32_t>{0, 1, 2, 3}));
    }

    /// KIP-794: what counts are bytes, so that a slow producer stays for a long time.
    void aSlowProducerStaysOnOnePartition() {
        QCOMPARE(recordBytes({}, 100), 109U);
        QCOMPARE(recordsOnOnePartition(10), 211);
        QCOMPARE(recordsOnOnePartition(100), 97);
        QCOMPARE(recordsOnOnePartition(1000), 16);
    }

    /// A null key and a value of 100 bytes: 148 records fit into a batch of 16 KiB.
    void recordsFillABatch() {
        std::uint32_t bytes = batchHeaderBytes;
        std::uint32_t records = 0;
        while (bytes + recordBytes({}, 100, records) <= 16'384) {
            bytes += recordBytes({}, 100, records++);
        }
        QCOMPARE(records, 148U);
        QCOMPARE(recordBytes(0, 0), 7U);
        QCOMPARE(recordBytes({}, {}), 7U);
    }

    void aSwitchWaitsForTheOpenBatchButNotForever() {
        StickyPartition sticky(1000);
        QVERIFY(sticky.mustSwitch(true));
        sticky.moveTo(2);
        sticky.appended(999, true);
        QCOMPARE(sticky.current(), std::optional(2U));
        sticky.appended(1, false);
        QVERIFY(!sticky.mustSwitch(false));
        sticky.appended(999, false);
        QVERIFY(!sticky.mustSwitch(false));
        sticky.appended(1, false); // twice the batch size
        QVERIFY(sticky.mustSwitch(false));
    }

    void aFullBatchAllowsTheSwitchAtOnce() {
        StickyPartition sticky(1000);
        sticky.moveTo(0);
        sticky.appended(1000, true);
        QVERIFY(!sticky.current());
        sticky.moveTo(0); // the same one may be drawn again
        sticky.appended(500, true);
        QVERIFY(!sticky.mustSwitch(true));
    }

    /// KAFKA-9965: with a batch for each record, every second turn is lost.
    void roundRobinSkipsWithEachNewBatch() {
        RoundRobinPartition turns;
        std::array<int, 4> records{};
        for (int record = 0; record < 40; ++record) {
            turns.next(idle(4), 4);
            ++records[turns.next(idle(4), 4)];
        }
        QCOMPARE(records, (std::array<int, 4>{0, 20, 0, 20}));
        RoundRobinPartition even;
        std::array<int, 4> evenly{};
        for (int record = 0; record < 40; ++record) {
            ++evenly[even.next(idle(4), 4)];
        }
        QCOMPARE(evenly, (std::array<int, 4>{10, 10, 10, 10}));
        QCOMPARE(RoundRobinPartition().next({}, 4), 0U);
    }
};

QTEST_APPLESS_MAIN(TestKafkaPartitioner)
#include "tst_kafka_partitioner.moc"
