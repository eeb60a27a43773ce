#include "sim/model/kafka/assignors.h"
#include "sim/model/kafka/partition_log.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <map>
#include <rapidcheck.h>
#include <set>

using namespace sim;

/// Laws of the parts of Kafka that know no time, tried by RapidCheck: where one fails, it prints
/// the shortest input that breaks it. RC_PARAMS="seed=7 max_success=100000" tries others.
class TestKafkaLaws : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void everyPartitionHasExactlyOneOwner();
    void equalSubscriptionsDifferByOne();
    void theOrderOfTheMembersDoesNotCount();
    void stickyMovesNoMoreThanItMust();
    void cooperativeMembersNeverShareAPartition();
    void compactionKeepsTheLastValues();
    void aFollowerEndsAsItsLeader();
};

namespace {

constexpr std::array assignors{Assignor::Range, Assignor::RoundRobin, Assignor::Sticky,
                               Assignor::CooperativeSticky, Assignor::Uniform};

struct Group {
    std::vector<std::uint32_t> topics;
    std::vector<GroupMember> members;
};

Group anyGroup(bool equal) {
    Group group;
    group.topics =
        *rc::gen::container<std::vector<std::uint32_t>>(4, rc::gen::inRange<std::uint32_t>(0, 7));
    const int members = *rc::gen::inRange(1, 6);
    for (int i = 0; i < members; ++i) {
        GroupMember member{.id = std::string(1, static_cast<char>('A' + i))};
        for (std::uint16_t topic = 0; topic < 4; ++topic) {
            if (equal || *rc::gen::arbitrary<bool>()) {
                member.topics.push_back(topic);
            }
        }
        group.members.push_back(member);
    }
    return group;
}

/// Lets each member own what it is given.
void own(Group& group, const Assignment& assignment) {
    for (std::size_t i = 0; i < assignment.size(); ++i) {
        group.members[i].owned = assignment[i];
        ++group.members[i].generation;
    }
}

/// A group that has assigned its partitions, and then changed: a member left, or came.
Group changed(Assignor assignor, bool equal) {
    Group group = anyGroup(equal);
    own(group, assign(assignor, group.members, group.topics));
    if (*rc::gen::arbitrary<bool>() && group.members.size() > 1) {
        const auto gone = *rc::gen::inRange<std::size_t>(0, group.members.size());
        group.members.erase(group.members.begin() + static_cast<std::ptrdiff_t>(gone));
    } else {
        GroupMember member{.id = *rc::gen::arbitrary<bool>() ? "0" : "Z"};
        member.topics = group.members.front().topics;
        group.members.push_back(member);
    }
    return group;
}

std::size_t kept(const Group& group, const Assignment& assignment) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < assignment.size(); ++i) {
        for (const TopicPartition& partition : group.members[i].owned) {
            kept += std::ranges::count(assignment[i], partition) > 0 ? 1 : 0;
        }
    }
    return kept;
}

/// The owners of each partition.
std::map<TopicPartition, int> ownersOf(const Assignment& assignment) {
    std::map<TopicPartition, int> owners;
    for (const auto& each : assignment) {
        for (const TopicPartition& partition : each) {
            ++owners[partition];
        }
    }
    return owners;
}

bool isWanted(const Group& group, std::uint16_t topic) {
    return std::ranges::any_of(group.members, [topic](const GroupMember& member) {
        return std::ranges::count(member.topics, topic) > 0;
    });
}

/// Who has most and who has least.
std::size_t spread(const Assignment& assignment) {
    const auto [least, most] =
        std::ranges::minmax_element(assignment, {}, [](const auto& each) { return each.size(); });
    return most->size() - least->size();
}

} // namespace

void TestKafkaLaws::initTestCase() {
    if (!qEnvironmentVariableIsSet("RC_PARAMS")) {
        qputenv("RC_PARAMS", "seed=1 max_success=300");
    }
}

void TestKafkaLaws::everyPartitionHasExactlyOneOwner() {
    QVERIFY(rc::check([](bool equal) {
        for (const Assignor assignor : assignors) {
            Group group = changed(assignor, equal);
            // What a cooperative assignor withholds it gives out in the second round.
            own(group, assign(assignor, group.members, group.topics));
            const Assignment found = assign(assignor, group.members, group.topics);
            for (std::size_t i = 0; i < found.size(); ++i) {
                for (const TopicPartition& partition : found[i]) {
                    RC_ASSERT(std::ranges::count(group.members[i].topics, partition.topic) > 0);
                }
            }
            const auto owners = ownersOf(found);
            std::size_t expected = 0;
            for (std::uint16_t topic = 0; topic < group.topics.size(); ++topic) {
                expected += isWanted(group, topic) ? group.topics[topic] : 0;
            }
            RC_ASSERT(owners.size() == expected);
            RC_ASSERT(
                std::ranges::all_of(owners, [](const auto& each) { return each.second == 1; }));
        }
    }));
}

void TestKafkaLaws::equalSubscriptionsDifferByOne() {
    QVERIFY(rc::check([] {
        for (const Assignor assignor :
             {Assignor::RoundRobin, Assignor::Sticky, Assignor::Uniform}) {
            const Group group = changed(assignor, true);
            RC_ASSERT(spread(assign(assignor, group.members, group.topics)) <= 1);
        }
    }));
}

void TestKafkaLaws::theOrderOfTheMembersDoesNotCount() {
    QVERIFY(rc::check([](bool equal) {
        for (const Assignor assignor : assignors) {
            const Group group = changed(assignor, equal);
            std::map<std::string, std::vector<TopicPartition>> before;
            std::map<std::string, std::vector<TopicPartition>> after;
            const Assignment found = assign(assignor, group.members, group.topics);
            Group turned = group;
            std::ranges::rotate(turned.members, turned.members.begin() + 1);
            const Assignment again = assign(assignor, turned.members, turned.topics);
            for (std::size_t i = 0; i < found.size(); ++i) {
                before[group.members[i].id] = found[i];
                after[turned.members[i].id] = again[i];
            }
            RC_ASSERT(before == after);
        }
    }));
}

/// With equal subscriptions everybody keeps what fits into its share: nobody below its share gives
/// anything up, and as many members as can be have the larger share of those that owned that much.
void TestKafkaLaws::stickyMovesNoMoreThanItMust() {
    QVERIFY(rc::check([] {
        const Group group = changed(Assignor::Sticky, true);
        std::size_t partitions = 0;
        for (const std::uint32_t topic : group.topics) {
            partitions += topic;
        }
        const std::size_t least = partitions / group.members.size();
        std::size_t larger = partitions % group.members.size();
        std::size_t possible = 0;
        for (const GroupMember& member : group.members) {
            const bool isLarger = member.owned.size() > least && larger > 0;
            larger -= isLarger ? 1 : 0;
            possible += std::min(member.owned.size(), least + (isLarger ? 1 : 0));
        }
        RC_ASSERT(kept(group, assign(Assignor::Sticky, group.members, group.topics)) == possible);
    }));
}

/// KIP-429: at no time do two members read one partition, and nothing moves in a third round.
void TestKafkaLaws::cooperativeMembersNeverShareAPartition() {
    QVERIFY(rc::check([](bool equal) {
        Group group = changed(Assignor::CooperativeSticky, equal);
        const Assignment first = assign(Assignor::CooperativeSticky, group.members, group.topics);
        for (std::size_t i = 0; i < first.size(); ++i) {
            for (const TopicPartition& partition : first[i]) {
                for (std::size_t other = 0; other < first.size(); ++other) {
                    RC_ASSERT(other == i ||
                              std::ranges::count(group.members[other].owned, partition) == 0);
                }
            }
        }
        own(group, first);
        const Assignment second = assign(Assignor::CooperativeSticky, group.members, group.topics);
        own(group, second);
        RC_ASSERT(kept(group, second) ==
                  kept(group, assign(Assignor::CooperativeSticky, group.members, group.topics)));
    }));
}

namespace {

/// The last value of each key, as slots; without the deleted ones.
using Values = std::map<KeyId, Slot>;

struct Put {
    KeyId key;
    bool isTombstone;
};

Values replay(const PartitionLog& log, const std::vector<Put>& puts) {
    Values values;
    for (const auto& record : log.read(log.startOffset(), Isolation::ReadCommitted, 1000).records) {
        const Put& put = puts[index(record.slot)];
        put.isTombstone ? void(values.erase(put.key)) : void(values[put.key] = record.slot);
    }
    return values;
}

std::vector<std::pair<std::uint64_t, Slot>> contentsOf(const PartitionLog& log) {
    std::vector<std::pair<std::uint64_t, Slot>> contents;
    for (const auto& record : log.read(0, Isolation::ReadUncommitted, 1000).records) {
        contents.emplace_back(record.offset, record.slot);
    }
    return contents;
}

} // namespace

/// https://kafka.apache.org/documentation/#design_compactionguarantees
void TestKafkaLaws::compactionKeepsTheLastValues() {
    QVERIFY(rc::check([](const std::vector<std::uint8_t>& steps) {
        PartitionLog log;
        LogSpec spec{.deletes = false, .compacts = true, .segmentBytes = 300};
        spec.deleteRetention = 5s;
        std::vector<Put> puts;
        std::set<Slot> alive;
        Instant now = start;
        for (const std::uint8_t step : steps) {
            now += 1s;
            if (step % 8 == 0) {
                const Values before = replay(log, puts);
                for (const Slot slot : log.compact(spec, now)) {
                    RC_ASSERT(alive.erase(slot) == 1);
                }
                RC_ASSERT(replay(log, puts) == before);
            } else {
                const Slot slot{static_cast<std::uint32_t>(puts.size())};
                puts.push_back({KeyId{step / 8U % 4}, step % 8 == 1});
                const std::vector<NewRecord> records{{slot, puts.back().key, 39, step % 8 == 1}};
                log.append({.records = records, .timestamp = now}, spec);
                log.raiseHighWatermark(log.endOffset());
                alive.insert(slot);
            }
            RC_ASSERT(log.size() == alive.size());
            RC_ASSERT(log.startOffset() <= log.lastStableOffset());
            RC_ASSERT(log.lastStableOffset() <= log.highWatermark());
            RC_ASSERT(log.highWatermark() <= log.endOffset());
        }
    }));
}

/// Three replicas, one leader after the other, unclean ones too: whoever truncates to where its log
/// parts from the leader's and copies the rest has what the leader has.
void TestKafkaLaws::aFollowerEndsAsItsLeader() {
    QVERIFY(rc::check([](const std::vector<std::uint8_t>& steps) {
        const LogSpec spec{.segmentBytes = 300};
        std::array<PartitionLog, 3> replicas;
        std::uint32_t leader = 0;
        std::uint32_t epoch = 0;
        std::uint32_t slot = 0;
        replicas[0].lead(0);
        const auto follow = [&](std::size_t replica, std::uint64_t end) {
            PartitionLog& log = replicas[replica];
            if (replica != leader) {
                log.truncate(log.divergence(replicas[leader]));
                log.copyFrom(replicas[leader], end, spec);
            }
        };
        for (const std::uint8_t step : steps) {
            if (step % 4 == 0) {
                leader = step / 4U % 3;
                replicas[leader].lead(++epoch);
            } else if (step % 4 == 1) {
                follow(step / 4U % 3, step / 12U);
            } else {
                const std::vector<NewRecord> records(1 + step / 4U % 2, {Slot{slot++}, noKey, 39});
                replicas[leader].append({.records = records}, spec);
            }
        }
        for (std::size_t replica = 0; replica < replicas.size(); ++replica) {
            follow(replica, 1000);
            PartitionLog& log = replicas[replica];
            log.raiseHighWatermark(log.endOffset());
            RC_ASSERT(log.endOffset() == replicas[leader].endOffset());
        }
        for (const PartitionLog& log : replicas) {
            RC_ASSERT(contentsOf(log) == contentsOf(replicas[leader]));
        }
    }));
}

QTEST_APPLESS_MAIN(TestKafkaLaws)
#include "tst_kafka_laws.moc"
