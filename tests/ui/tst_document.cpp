#include "tests/support/sample_frames.h"
#include "ui/document/document.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace sim;

class TestDocument : public QObject {
    Q_OBJECT

private:
    static void moveTo(ui::Document& document, double x, const QString& gesture) {
        document.edit(
            "Move", [x](Scenario& scenario) { scenario.components[0].position.x = x; }, gesture);
    }

private slots:
    void undoGivesTheScenarioBack() {
        ui::Document document;
        document.replace(sample::shop(), {});
        const Scenario before = document.scenario();
        document.edit("Rename", [](Scenario& scenario) { scenario.title = "Other"; });
        QCOMPARE(document.scenario().title, "Other");
        document.history().undo();
        QVERIFY(document.scenario() == before);
        document.history().redo();
        QCOMPARE(document.scenario().title, "Other");
    }

    void oneGestureIsOneStep() {
        ui::Document document;
        document.replace(sample::shop(), {});
        moveTo(document, 8, "drag 1");
        moveTo(document, 16, "drag 1");
        moveTo(document, 24, "drag 2");
        QCOMPARE(document.history().count(), 2);
        document.history().undo();
        QCOMPARE(document.scenario().components[0].position.x, 16.0);
        document.history().undo();
        QCOMPARE(document.scenario().components[0].position.x, 0.0);
    }

    void aGestureThatEndsWhereItBeganLeavesNoStep() {
        ui::Document document;
        document.replace(sample::shop(), {});
        moveTo(document, 8, "drag 1");
        moveTo(document, 0, "drag 1");
        QCOMPARE(document.history().count(), 0);
        QVERIFY(!document.isDirty());
    }

    void anEditThatChangesNothingIsNone() {
        ui::Document document;
        document.replace(sample::shop(), {});
        document.edit("Nothing", [](Scenario& /*scenario*/) {});
        QCOMPARE(document.history().count(), 0);
    }

    void theHistoryHasALimit() {
        ui::Document document;
        document.replace(sample::shop(), {});
        for (int n = 1; n <= ui::Document::undoMax + 50; ++n) {
            moveTo(document, n, {});
        }
        QCOMPARE(document.history().count(), ui::Document::undoMax);
    }

    void whatIsSavedReadsBack() {
        const QTemporaryDir folder;
        const QString file = folder.filePath("shop.json");
        ui::Document document;
        document.replace(sample::shop(), {});
        document.edit("Rename", [](Scenario& scenario) { scenario.title = "Läden 店"; });
        QVERIFY(document.isDirty());
        QVERIFY(document.save(file).empty());
        QVERIFY(!document.isDirty());
        ui::Document other;
        const Problems problems = other.open(file);
        QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().what.c_str());
        QVERIFY(other.scenario() == document.scenario());
        QCOMPARE(other.name(), "shop.json");
    }

    void aBadFileChangesNothing() {
        const QTemporaryDir folder;
        QFile file(folder.filePath("bad.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"seed\": \"many\", \"duration\": 7}");
        file.close();
        ui::Document document;
        document.replace(sample::shop(), {});
        const Scenario before = document.scenario();
        const QSignalSpy replaced(&document, &ui::Document::replaced);
        QVERIFY(document.open(file.fileName()).size() >= 2);
        QVERIFY(document.scenario() == before);
        QCOMPARE(replaced.count(), 0);
    }

    void aFolderThatCannotBeWrittenIsAProblem() {
        ui::Document document;
        document.replace(sample::shop(), {});
        QCOMPARE(document.save("/nowhere/at/all/shop.json").size(), 1U);
        QVERIFY(document.file().isEmpty());
    }
};

QTEST_MAIN(TestDocument)
#include "tst_document.moc"
