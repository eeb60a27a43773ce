#include "sim/scenario/write.h"
#include "sim/store/run_store.h"
#include "sim/store/schema.h"
#include "tests/support/only_reading.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>
#include <limits>

using namespace sim;

namespace {

RunRecord someRun() {
    RunRecord run;
    run.title = "Zwölf Boxer";
    run.scenario = "{\"version\": 1}\n";
    run.folder = "/somewhere";
    run.seed = std::numeric_limits<std::uint64_t>::max();
    run.version = "0.1.0";
    run.fingerprint = "00ff";
    run.events = 123;
    run.end = start + 60s;
    run.verdicts = {{"no loss", "I1", Verdict::State::Holds, false, "all fine", 0, {}, "", {}},
                    {"key order",
                     "I4",
                     Verdict::State::Violated,
                     true,
                     "1 of 2",
                     1,
                     start + 2s,
                     "because",
                     {"first", "second"}},
                    {"depth", "", Verdict::State::NotDecided, false, "too early", 0, {}, "", {}}};
    run.metrics = {{"", "produced", 17, ""}, {"orders", "ready mean", 0.25, ""}};
    run.littlesLaw = {{"orders", 3.5, 3.5, true}, {"mails", 1, 0.999999999, false}};
    run.series = {{"orders", "ready", "", {{start + 1s, 3}, {start + 2s, -0.5}}},
                  {"orders", "unacked", "", {}}};
    return run;
}

/// A library in a folder of its own.
struct Library {
    QTemporaryDir folder;
    std::filesystem::path path = std::filesystem::path{folder.path().toStdString()} / "runs.sqlite";

    Result<RunStore> open(RunStore::Open how = RunStore::Open::Create) const {
        return RunStore::open(path, how, 50ms);
    }
    RunStore opened() const {
        Result<RunStore> store = open();
        if (!store) {
            qFatal("%s", store.error()[0].what.c_str());
        }
        return std::move(*store);
    }
    void write(const std::string& bytes) const { std::ofstream{path} << bytes; }
    /// As the first version of the library was, with one run.
    void writeFirstVersion() const {
        Database old{path, Database::Access::ReadWrite, 1s};
        old.run("PRAGMA journal_mode = WAL");
        old.run(libraryMigrations.front());
        old.run("PRAGMA user_version = 1");
        old.run("PRAGMA application_id = " + std::to_string(libraryApplicationId));
        old.run("INSERT INTO run VALUES (1, '2024-05-01 12:00:00', 'Old', '{}', '/', '', 7, '0.1', "
                "'ab', 3, 1000)");
        old.run("INSERT INTO metric VALUES (1, 0, '', 'produced', 17.0, '')");
        if (!old.ok()) {
            qFatal("%s", old.failure().c_str());
        }
    }
    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator{path.parent_path()}) {
            names.push_back(entry.path().filename().string());
        }
        return names;
    }
};

template <typename T> std::string problemOf(const Result<T>& result) {
    return result ? std::string{"(none)"} : result.error().front().what;
}

} // namespace

class RunStoreTest : public QObject {
    Q_OBJECT
private slots:
    void givesBackWhatWasSaved();
    void keepsRunsOverOpenings();
    void listsTheNewestFirst();
    void removesARunWithAllThatBelongsToIt();
    void neverGivesANumberTwice();
    void keepsInterventions();
    void bringsALibraryOfTheFirstVersionUpToDate();
    void aNumberThatNoRunHasIsAProblem();
    void makesTheFolderWhereItIsMissing();
    void doesNotMakeALibraryToLookAtOne();
    void saysWhenSomebodyElseIsWriting();
    void savesWholeRunsOrNothing();
    void refusesADatabaseOfAnotherProgram();
    void refusesALibraryOfANewerVersion();
    void refusesWhatIsNoDatabase();
    void saysWhenTheFileIsDamaged();
    void saysWhenTheFolderCannotBeMade();
    void saysWhenTheFileMayNotBeWritten();
    void readsALibraryInAFolderThatMayNotBeWritten();
    void readsAnOldLibraryThatMayNotBeWritten();
    void readsALibraryOfSomebodyWhoIsWriting();
    void writesToALibraryBesideItsReaders();
    void opensWhateverTheFileIsCalled();
    void saysWhenTheDiskIsFull();
    void hasADefaultPlace();
};

void RunStoreTest::givesBackWhatWasSaved() {
    Library library;
    RunStore store = library.opened();
    const auto id = store.save(someRun());
    QVERIFY2(id, problemOf(id).c_str());
    const auto loaded = store.load(*id);
    QVERIFY2(loaded, problemOf(loaded).c_str());
    QVERIFY(*loaded == someRun());
}

void RunStoreTest::keepsRunsOverOpenings() {
    Library library;
    QVERIFY(library.opened().save(someRun()));
    const auto entries = library.opened().list();
    QVERIFY(entries);
    QCOMPARE(entries->size(), 1U);
    QCOMPARE(entries->front().title, "Zwölf Boxer");
    QCOMPARE(entries->front().seed, std::numeric_limits<std::uint64_t>::max());
    QCOMPARE(entries->front().violated, 1U);
    QCOMPARE(entries->front().holding, 1U);
    QCOMPARE(entries->front().notDecided, 1U);
    QVERIFY(entries->front().end == start + 60s);
    QVERIFY(entries->front().savedAt.size() == 19);
}

void RunStoreTest::listsTheNewestFirst() {
    Library library;
    RunStore store = library.opened();
    QCOMPARE(*store.save(someRun()), 1);
    QCOMPARE(*store.save(someRun()), 2);
    const auto entries = store.list();
    QCOMPARE(entries->at(0).id, 2);
    QCOMPARE(entries->at(1).id, 1);
}

void RunStoreTest::removesARunWithAllThatBelongsToIt() {
    Library library;
    RunStore store = library.opened();
    QVERIFY(store.save(someRun()));
    QVERIFY(store.remove(1));
    QVERIFY(store.list()->empty());
    Database database{library.path, Database::Access::ReadOnly, 1s};
    for (const char* table : {"run", "verdict", "metric", "littles_law", "series"}) {
        QCOMPARE(database.number(std::string{"SELECT count(*) FROM "} + table), 0);
    }
    QVERIFY(database.ok());
}

void RunStoreTest::neverGivesANumberTwice() {
    Library library;
    RunStore store = library.opened();
    QCOMPARE(*store.save(someRun()), 1);
    QVERIFY(store.remove(1));
    QCOMPARE(*store.save(someRun()), 2);
}

void RunStoreTest::keepsInterventions() {
    Scenario scenario;
    scenario.title = "t";
    scenario.components = {
        {"p", ProducerSpec{}, {}}, {"q", QueueSpec{}, {}}, {"c", ConsumerSpec{}, {}}};
    scenario.links = {PublishLink{"p", "q", {}}, ConsumeLink{"q", "c", {}}};
    const std::vector<FaultSpec> faults{{"", {3s, 1s, {}}, CrashFault{"c", {}}}};
    const auto back = interventionsIn(interventionsText(scenario, faults), {});
    QVERIFY2(back, problemOf(back).c_str());
    QVERIFY(*back == faults);
    QVERIFY(interventionsText(scenario, {}).empty());
    QVERIFY(interventionsIn("", {})->empty());
}

void RunStoreTest::bringsALibraryOfTheFirstVersionUpToDate() {
    Library library;
    library.writeFirstVersion();
    RunStore store = library.opened();
    const auto kept = store.load(1);
    QVERIFY2(kept, problemOf(kept).c_str());
    QCOMPARE(kept->title, "Old");
    QVERIFY(kept->metrics == (std::vector<MetricRow>{{"", "produced", 17, ""}}));
    QVERIFY(kept->littlesLaw.empty());
    QCOMPARE(*store.save(someRun()), 2);
    QVERIFY(*store.load(2) == someRun());
    Database now{library.path, Database::Access::ReadOnly, 1s};
    QCOMPARE(now.number("PRAGMA user_version"), 2);
    QCOMPARE(now.number("PRAGMA application_id"), libraryApplicationId);
}

void RunStoreTest::aNumberThatNoRunHasIsAProblem() {
    Library library;
    RunStore store = library.opened();
    QCOMPARE(problemOf(store.load(7)), "has no run 7");
    QCOMPARE(problemOf(store.remove(7)), "has no run 7");
}

void RunStoreTest::makesTheFolderWhereItIsMissing() {
    Library library;
    library.path = library.path.parent_path() / "share" / "millrace" / "runs.sqlite";
    QVERIFY(library.opened().save(someRun()));
}

void RunStoreTest::doesNotMakeALibraryToLookAtOne() {
    Library library;
    QCOMPARE(problemOf(library.open(RunStore::Open::Existing)),
             "does not exist: no run was saved there yet");
    QVERIFY(!std::filesystem::exists(library.path));
}

void RunStoreTest::saysWhenSomebodyElseIsWriting() {
    Library library;
    RunStore store = library.opened();
    Database other{library.path, Database::Access::ReadWrite, 1s};
    other.run("BEGIN IMMEDIATE");
    QVERIFY(other.ok());
    QCOMPARE(problemOf(store.save(someRun())),
             "is in use by another program that does not let go of it");
    other.run("ROLLBACK");
    QVERIFY(store.save(someRun())); // and goes on when it may
}

void RunStoreTest::savesWholeRunsOrNothing() {
    Library library;
    RunStore store = library.opened();
    {
        Database other{library.path, Database::Access::ReadWrite, 1s};
        other.run(
            "CREATE TRIGGER stop BEFORE INSERT ON series BEGIN SELECT RAISE(ABORT, 'no'); END");
        QVERIFY(other.ok());
    }
    QVERIFY(!store.save(someRun()));
    QVERIFY(store.list()->empty());
    Database database{library.path, Database::Access::ReadOnly, 1s};
    QCOMPARE(database.number("SELECT count(*) FROM metric"), 0);
}

void RunStoreTest::refusesADatabaseOfAnotherProgram() {
    Library library;
    {
        Database other{library.path, Database::Access::ReadWrite, 1s};
        other.run("CREATE TABLE bookmark (url TEXT)");
    }
    QCOMPARE(problemOf(library.open()),
             "is a database of another program, not a run library of Millrace");
    Database other{library.path, Database::Access::ReadOnly, 1s};
    QCOMPARE(other.number("SELECT count(*) FROM sqlite_master"), 1); // untouched
}

void RunStoreTest::refusesALibraryOfANewerVersion() {
    Library library;
    QVERIFY(library.opened().save(someRun()));
    {
        Database newer{library.path, Database::Access::ReadWrite, 1s};
        newer.run("PRAGMA user_version = 99");
    }
    QCOMPARE(problemOf(library.open()),
             "was made by a newer Millrace (library version 99; this one knows up to 2)");
}

void RunStoreTest::refusesWhatIsNoDatabase() {
    Library library;
    library.write("Dear diary, this is certainly no database, even if it is named like one.\n" +
                  std::string(4096, '.'));
    QCOMPARE(problemOf(library.open()), "is not an SQLite file");
}

void RunStoreTest::saysWhenTheFileIsDamaged() {
    Library library;
    {
        RunStore store = library.opened();
        for (int i = 0; i < 50; ++i) {
            QVERIFY(store.save(someRun()));
        }
    }
    std::fstream file{library.path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(4096); // the header's page stays as it is
    const auto size = static_cast<std::streamoff>(std::filesystem::file_size(library.path));
    file << std::string(static_cast<std::size_t>(size - 4096), '\x5a');
    file.close();
    Result<RunStore> store = library.open();
    const std::string problem = store ? problemOf(store->list()) : problemOf(store);
    QVERIFY2(problem.starts_with("is damaged"), problem.c_str());
}

void RunStoreTest::saysWhenTheFolderCannotBeMade() {
    Library library;
    library.write("a file where a folder should be");
    library.path /= "millrace/runs.sqlite";
    const std::string problem = problemOf(library.open());
    QVERIFY2(problem.find("there is no folder") != std::string::npos, problem.c_str());
    Library folder;
    folder.path = folder.path.parent_path();
    QCOMPARE(problemOf(folder.open()), "is a folder");
}

void RunStoreTest::saysWhenTheFileMayNotBeWritten() {
    Library library;
    QVERIFY(library.opened().save(someRun()));
    Database database{library.path, Database::Access::ReadOnly, 1s};
    database.run("DELETE FROM run");
    QVERIFY(!database.ok());
    QCOMPARE(database.failure(), "is read-only for this user");
}

void RunStoreTest::readsALibraryInAFolderThatMayNotBeWritten() {
    Library library;
    QVERIFY(library.opened().save(someRun()));
    QVERIFY(Database::accessTo(library.path) == Database::Access::ReadWrite);
    const OnlyReading onlyReading{library.path.parent_path()};
    QVERIFY(Database::accessTo(library.path) == Database::Access::Immutable);
    for (const RunStore::Open how : {RunStore::Open::Existing, RunStore::Open::Create}) {
        auto store = library.open(how);
        QVERIFY2(store, problemOf(store).c_str());
        QCOMPARE(store->list()->size(), 1U);
        QVERIFY(*store->load(1) == someRun());
        QCOMPARE(problemOf(store->save(someRun())), "is read-only for this user");
        QCOMPARE(problemOf(store->remove(1)), "is read-only for this user");
        QCOMPARE(store->list()->size(), 1U);
    }
    QCOMPARE(library.files(), (std::vector<std::string>{"runs.sqlite"}));
}

void RunStoreTest::readsAnOldLibraryThatMayNotBeWritten() {
    Library library;
    library.writeFirstVersion();
    {
        const OnlyReading onlyReading{library.path.parent_path()};
        auto store = library.open(RunStore::Open::Existing);
        QVERIFY2(store, problemOf(store).c_str());
        QCOMPARE(store->list()->size(), 1U);
        const auto kept = store->load(1);
        QVERIFY2(kept, problemOf(kept).c_str());
        QCOMPARE(kept->title, "Old");
    }
    Library empty;
    empty.write("");
    const OnlyReading onlyReading{empty.path.parent_path()};
    QCOMPARE(problemOf(empty.open()), "is empty, and read-only for this user");
}

void RunStoreTest::readsALibraryOfSomebodyWhoIsWriting() {
    Library library;
    RunStore writer = library.opened();
    QVERIFY(writer.save(someRun())); // in the log beside the file as long as the writer is there
    QVERIFY(std::filesystem::exists(library.path.string() + "-wal"));
    {
        const OnlyReading onlyReading{library.path.parent_path()};
        QVERIFY(Database::accessTo(library.path) == Database::Access::ReadOnly);
        auto store = library.open(RunStore::Open::Existing);
        QVERIFY2(store, problemOf(store).c_str());
        QCOMPARE(store->list()->size(), 1U);
    }
    std::filesystem::copy(library.path.string() + "-wal", library.path.string() + "-copy");
    { RunStore last = std::move(writer); } // now there is no log
    std::filesystem::rename(library.path.string() + "-copy", library.path.string() + "-wal");
    const OnlyReading onlyReading{library.path.parent_path()};
    const std::string problem = problemOf(library.open(RunStore::Open::Existing));
    QVERIFY2(problem.find("what was written last is in ") != std::string::npos, problem.c_str());
}

void RunStoreTest::writesToALibraryBesideItsReaders() {
    Library library;
    RunStore writer = library.opened();
    QVERIFY(writer.save(someRun()));
    Database reader{library.path, Database::Access::ReadOnly, 1s};
    reader.run("BEGIN");
    QCOMPARE(reader.number("SELECT count(*) FROM run"), 1);
    QVERIFY(writer.save(someRun()));                        // neither waits for the other
    QCOMPARE(reader.number("SELECT count(*) FROM run"), 1); // what it saw when it began
    reader.run("COMMIT");
    QCOMPARE(reader.number("SELECT count(*) FROM run"), 2);
    QVERIFY(reader.ok());
    Statement mode{reader, "PRAGMA journal_mode"};
    QVERIFY(mode.step());
    QCOMPARE(mode.text(0), "wal");
}

void RunStoreTest::opensWhateverTheFileIsCalled() {
    Library library;
    library.path = library.path.parent_path() / "50% off? #1 & more.sqlite";
    QVERIFY(library.opened().save(someRun()));
    const OnlyReading onlyReading{library.path.parent_path()};
    auto store = library.open(RunStore::Open::Existing);
    QVERIFY2(store, problemOf(store).c_str());
    QCOMPARE(store->list()->size(), 1U);
}

void RunStoreTest::saysWhenTheDiskIsFull() {
    Library library;
    Database database{library.path, Database::Access::ReadWrite, 1s};
    database.run("PRAGMA max_page_count = 4");
    database.run("CREATE TABLE t (x TEXT)");
    QVERIFY(database.ok());
    Statement insert{database, "INSERT INTO t VALUES (?)"};
    insert.bind(1, std::string(100'000, 'x')).step();
    QVERIFY(!database.ok());
    QCOMPARE(database.failure(), "cannot grow: the disk is full");
}

void RunStoreTest::hasADefaultPlace() {
    QCOMPARE(defaultLibrary("/data", "/of/me"), "/data/millrace/runs.sqlite");
    QCOMPARE(defaultLibrary(nullptr, "/of/me"), "/of/me/.local/share/millrace/runs.sqlite");
    QCOMPARE(defaultLibrary("", "/of/me"), "/of/me/.local/share/millrace/runs.sqlite");
}

QTEST_GUILESS_MAIN(RunStoreTest)
#include "tst_run_store.moc"
