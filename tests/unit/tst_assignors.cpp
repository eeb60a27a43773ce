#include "sim/model/kafka/assignors.h"

#include <QTest>

using namespace sim;

namespace {

using Topics = std::vector<std::uint32_t>;
using Members = std::vector<GroupMember>;

/// "0.1 2.0" for partition 1 of topic 0 and partition 0 of topic 2.
std::vector<TopicPartition> partitions(const QString& text) {
    std::vector<TopicPartition> found;
    for (const QString& word : text.split(' ', Qt::SkipEmptyParts)) {
        found.push_back({word.section('.', 0, 0).toUShort(), word.section('.', 1, 1).toUInt()});
    }
    return found;
}

/// One line for each member: "0.0 0.1 | 0.2".
QString textOf(const Assignment& assignment) {
    QStringList lines;
    for (const std::vector<TopicPartition>& each : assignment) {
        QStringList words;
        for (const TopicPartition& partition : each) {
            words << QString("%1.%2").arg(partition.topic).arg(partition.partition);
        }
        lines << words.join(' ');
    }
    return lines.join(" | ");
}

/// Members "C0", "C1" and so on, each with its topics ("01") and what it owned ("0.0 0.1").
Members members(const QStringList& topics, const QString& owned = {}) {
    Members members;
    const QStringList parts = owned.split('|');
    for (int i = 0; i < topics.size(); ++i) {
        GroupMember member{.id = "C" + std::to_string(i)};
        for (const QChar topic : topics[i]) {
            member.topics.push_back(static_cast<std::uint16_t>(topic.digitValue()));
        }
        member.owned = partitions(i < parts.size() ? parts[i] : QString());
        member.generation = member.owned.empty() ? -1 : 5;
        members.push_back(member);
    }
    return members;
}

/// What becomes of the members' partitions from one assignment to the next.
Members next(Members members, const Assignment& assignment) {
    for (std::size_t i = 0; i < members.size(); ++i) {
        members[i].owned = assignment[i];
        ++members[i].generation;
    }
    return members;
}

int moved(const Assignment& before, const Assignment& after) {
    int moved = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
        for (const TopicPartition& partition : before[i]) {
            moved += i >= after.size() || std::ranges::count(after[i], partition) == 0;
        }
    }
    return moved;
}

std::vector<std::size_t> sizes(const Assignment& assignment) {
    std::vector<std::size_t> sizes;
    for (const auto& each : assignment) {
        sizes.push_back(each.size());
    }
    return sizes;
}

} // namespace

/// The examples in the documentation of RangeAssignor, RoundRobinAssignor and StickyAssignor
/// (https://kafka.apache.org/documentation/#consumerconfigs_partition.assignment.strategy), in
/// KIP-54 and KIP-429, and in the tests of the broker's assignors (KIP-848).
class TestAssignors : public QObject {
    Q_OBJECT

private slots:
    void examples_data() {
        QTest::addColumn<int>("assignor");
        QTest::addColumn<QStringList>("topics");
        QTest::addColumn<QString>("owned");
        QTest::addColumn<Topics>("sizes");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, Assignor assignor, const QStringList& topics,
                            const QString& owned, const Topics& sizes, const char* expected) {
            QTest::newRow(name) << int(assignor) << topics << owned << sizes << QString(expected);
        };
        using enum Assignor;
        const QStringList uneven{"0", "01", "012"};
        row("range: adds up per topic", Range, {"01", "01"}, "", {3, 3},
            "0.0 0.1 1.0 1.1 | 0.2 1.2");
        row("range: 7/3", Range, {"0", "0", "0"}, "", {7}, "0.0 0.1 0.2 | 0.3 0.4 | 0.5 0.6");
        row("range: more members than partitions", Range, {"0", "0", "0", "0", "0"}, "", {3},
            "0.0 | 0.1 | 0.2 |  | ");
        row("range: different topics", Range, {"01", "2", "12"}, "", {3, 3, 2},
            "0.0 0.1 0.2 1.0 1.1 | 2.0 | 1.2 2.1");
        row("round robin", RoundRobin, {"01", "01"}, "", {3, 3}, "0.0 0.2 1.1 | 0.1 1.0 1.2");
        row("round robin: skips who is not subscribed", RoundRobin, uneven, "", {1, 2, 3},
            "0.0 | 1.0 | 1.1 2.0 2.1 2.2");
        row("sticky: different topics", Sticky, uneven, "", {1, 2, 3},
            "0.0 | 1.0 1.1 | 2.0 2.1 2.2");
        row("sticky: at first as round robin", Sticky, {"0123", "0123", "0123"}, "", {2, 2, 2, 2},
            "0.0 1.1 3.0 | 0.1 2.0 3.1 | 1.0 2.1");
        row("sticky: two claim one in the same generation", Sticky, {"0", "0"}, "0.0 0.1|0.0 0.2",
            {4}, "0.0 0.1 | 0.2 0.3");
        row("uniform: given an uneven assignment", Uniform, {"01", "01"}, "0.0 0.1 1.0 1.1|0.2 1.2",
            {3, 3}, "0.0 0.1 1.0 | 0.2 1.1 1.2");
        row("uniform: a member comes", Uniform, {"01", "01", "01"}, "0.0 0.2 1.0|0.1 1.1 1.2",
            {3, 3}, "0.0 0.2 | 0.1 1.1 | 1.0 1.2");
        row("uniform: a member has gone", Uniform, {"01", "01"}, "0.0 1.0|0.1 1.1", {3, 3},
            "0.0 0.2 1.0 | 0.1 1.1 1.2");
        row("uniform: a subscription has gone", Uniform, {"1", "1"}, "0.0 1.0|0.1 1.1", {2, 2},
            "1.0 | 1.1");
        row("uniform: different topics", Uniform, uneven, "", {1, 2, 3},
            "0.0 | 1.0 1.1 | 2.0 2.1 2.2");
    }
    void examples() {
        QFETCH(int, assignor);
        QFETCH(QStringList, topics);
        QFETCH(QString, owned);
        QFETCH(Topics, sizes);
        QFETCH(QString, expected);
        const auto type = static_cast<Assignor>(assignor);
        QCOMPARE(textOf(assign(type, members(topics, owned), sizes)), expected);
    }

    void nobodyGetsWhatDoesNotExist() {
        using enum Assignor;
        for (const Assignor assignor : {Range, RoundRobin, Sticky, CooperativeSticky, Uniform}) {
            QVERIFY(assign(assignor, {}, Topics{3}).empty());
            QCOMPARE(textOf(assign(assignor, members({"", ""}), Topics{3})), QString(" | "));
            QCOMPARE(textOf(assign(assignor, members({"01", "0"}, "0.7 1.0|0.1"), Topics{0, 1})),
                     QString("1.0 | "));
        }
    }

    /// Static members come first, by group.instance.id (KIP-345).
    void staticMembersComeFirstInRangesAndTurns() {
        Members group = members({"0", "0", "0"});
        group[2].instanceId = "b";
        group[1].instanceId = "c";
        QCOMPARE(textOf(assign(Assignor::Range, group, Topics{4})), QString("0.3 | 0.2 | 0.0 0.1"));
        QCOMPARE(textOf(assign(Assignor::RoundRobin, group, Topics{4})),
                 QString("0.2 | 0.1 | 0.0 0.3"));
        // A member that comes back under a new member id gets the same again.
        group[2].id = "A-new-one";
        QCOMPARE(textOf(assign(Assignor::Range, group, Topics{4})), QString("0.3 | 0.2 | 0.0 0.1"));
    }

    /// Ten topics of three partitions: range 20 and 10, the others 15 and 15; with four members
    /// range leaves the last with nothing.
    void rangeIsUnevenOverManyTopics() {
        using Sizes = std::vector<std::size_t>;
        const Topics topics(10, 3);
        const Members two = members({"0123456789", "0123456789"});
        const Members four = members({"0123456789", "0123456789", "0123456789", "0123456789"});
        QCOMPARE(sizes(assign(Assignor::Range, two, topics)), (Sizes{20, 10}));
        QCOMPARE(sizes(assign(Assignor::Range, four, topics)), (Sizes{10, 10, 10, 0}));
        for (const Assignor other : {Assignor::RoundRobin, Assignor::Sticky, Assignor::Uniform}) {
            QCOMPARE(sizes(assign(other, two, topics)), (Sizes{15, 15}));
            QCOMPARE(sizes(assign(other, four, topics)), (Sizes{8, 8, 7, 7}));
        }
    }

    /// KIP-54: when C1 leaves, the others keep what they have, where round robin deals anew. Who
    /// gets 0.1, 2.0 and 3.1 is as the source has had it since 2.4; the documentation of
    /// StickyAssignor still shows 2.0 with C0, as before.
    void stickyKeepsWhatItCanWhenAMemberLeaves() {
        const Topics topics(4, 2);
        Members group = members({"0123", "0123", "0123"}, "0.0 1.1 3.0|0.1 2.0 3.1|1.0 2.1");
        group.erase(group.begin() + 1);
        QCOMPARE(textOf(assign(Assignor::Sticky, group, topics)),
                 QString("0.0 0.1 1.1 3.0 | 1.0 2.0 2.1 3.1"));
        QCOMPARE(textOf(assign(Assignor::RoundRobin, group, topics)),
                 QString("0.0 1.0 2.0 3.0 | 0.1 1.1 2.1 3.1"));
    }

    /// KIP-54, with different subscriptions: C0 of C0{t0}, C1{t0,t1}, C2{t0,t1,t2} leaves.
    void stickyKeepsWhatItCanWithDifferentSubscriptions() {
        Members group = members({"0", "01", "012"}, "0.0|1.0 1.1|2.0 2.1 2.2");
        group.erase(group.begin());
        QCOMPARE(textOf(assign(Assignor::Sticky, group, Topics{1, 2, 3})),
                 QString("0.0 1.0 1.1 | 2.0 2.1 2.2"));
    }

    /// Who was away for a while comes back with an older generation; what it says it owns counts
    /// only where nobody else owns it since (KIP-792).
    void theHigherGenerationOwns() {
        Members group = members({"0", "0"}, "0.0 0.1|0.0 0.1");
        group[0].generation = 4;
        QCOMPARE(textOf(assign(Assignor::Sticky, group, Topics{4})), QString("0.2 0.3 | 0.0 0.1"));
        group[0].generation = 6;
        QCOMPARE(textOf(assign(Assignor::Sticky, group, Topics{4})), QString("0.0 0.1 | 0.2 0.3"));
    }

    void partitionsThatMoveWhenAGroupGrows_data() {
        QTest::addColumn<std::uint32_t>("partitions");
        QTest::addColumn<int>("members");
        QTest::addColumn<int>("byRange");
        QTest::addColumn<int>("bySticky");
        QTest::newRow("6, 2 to 3") << 6U << 2 << 3 << 2;
        QTest::newRow("12, 3 to 4") << 12U << 3 << 6 << 3;
        QTest::newRow("12, 4 to 5") << 12U << 4 << 3 << 2;
    }
    void partitionsThatMoveWhenAGroupGrows() {
        QFETCH(std::uint32_t, partitions);
        QFETCH(int, members);
        QFETCH(int, byRange);
        QFETCH(int, bySticky);
        const auto movedBy = [&](Assignor assignor) {
            Members group = ::members(QStringList(members, "0"));
            const Assignment before = assign(assignor, group, Topics{partitions});
            group = next(group, before);
            group.push_back({.id = "C9", .topics = {0}});
            return moved(before, assign(assignor, group, Topics{partitions}));
        };
        QCOMPARE(movedBy(Assignor::Range), byRange);
        QCOMPARE(movedBy(Assignor::Sticky), bySticky);
        QCOMPARE(movedBy(Assignor::CooperativeSticky), bySticky);
    }

    /// KIP-429: what moves is withheld in the first round, and given out in the second, which
    /// moves nothing else.
    void cooperativeMembersHandOverInTwoRounds() {
        Members group = members({"0", "0", "0"}, "0.0 0.2 0.4|0.1 0.3 0.5");
        const Assignment first = assign(Assignor::CooperativeSticky, group, Topics{6});
        QCOMPARE(textOf(first), QString("0.0 0.2 | 0.1 0.3 | "));
        const Assignment second =
            assign(Assignor::CooperativeSticky, next(group, first), Topics{6});
        QCOMPARE(textOf(second), QString("0.0 0.2 | 0.1 0.3 | 0.4 0.5"));
        QCOMPARE(assign(Assignor::CooperativeSticky, next(group, second), Topics{6}), second);
    }

    /// What nobody owned any more is given out in the first round.
    void cooperativeMembersTakeOverFromTheDeadAtOnce() {
        const Members group = members({"0", "0"}, "0.0 0.2|0.1 0.3");
        QCOMPARE(textOf(assign(Assignor::CooperativeSticky, group, Topics{6})),
                 QString("0.0 0.2 0.4 | 0.1 0.3 0.5"));
    }

    void cooperativeMembersWithDifferentTopicsHandOverInTwoRounds() {
        Members group = members({"01", "1"}, "0.0 1.0 1.1 1.2");
        const Assignment first = assign(Assignor::CooperativeSticky, group, Topics{1, 3});
        QCOMPARE(sizes(first), (std::vector<std::size_t>{2, 0}));
        const Assignment second =
            assign(Assignor::CooperativeSticky, next(group, first), Topics{1, 3});
        QCOMPARE(sizes(second), (std::vector<std::size_t>{2, 2}));
    }
};

QTEST_APPLESS_MAIN(TestAssignors)
#include "tst_assignors.moc"
