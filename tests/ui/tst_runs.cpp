#include "tests/ui/panel_sample.h"
#include "ui/runs/export_dialog.h"
#include "ui/runs/import_dialog.h"
#include "ui/runs/run_browser.h"
#include "ui/runs/save_run.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>

using namespace sim;

namespace {

const char* const definitions = R"({"vhosts": [{"name": "/"}, {"name": "shop"}],
 "exchanges": [{"name": "orders", "vhost": "shop", "type": "topic", "durable": true,
                "auto_delete": false, "internal": false, "arguments": {}}],
 "queues": [{"name": "billing", "vhost": "shop", "durable": true, "auto_delete": false,
             "arguments": {}},
            {"name": "other", "vhost": "/", "durable": true, "auto_delete": false,
             "arguments": {}}],
 "bindings": [{"source": "orders", "vhost": "shop", "destination": "billing",
               "destination_type": "queue", "routing_key": "order.*", "arguments": {}}]})";

QPushButton* button(QWidget& dialog, const QString& text) {
    for (auto* each : dialog.findChildren<QPushButton*>()) {
        if (each->text() == text) {
            return each;
        }
    }
    return nullptr;
}

void save(const std::filesystem::path& library, Duration at) {
    const auto number = ui::saveRun(library, sample::scenario(), sample::frame(at, sample::log(20)),
                                    *sample::catalogue(), "");
    QVERIFY2(number.has_value(), number ? "" : number.error().front().what.c_str());
}

} // namespace

class Runs : public QObject {
    Q_OBJECT

private slots:
    void aMissingLibraryIsAnEmptyOne() {
        const QTemporaryDir folder;
        ui::RunBrowser browser(folder.filePath("none.sqlite").toStdString());
        QCOMPARE(browser.findChild<QTableView*>()->model()->rowCount(), 0);
        QVERIFY(!button(browser, "Delete")->isEnabled());
        QVERIFY(!QFile::exists(folder.filePath("none.sqlite")));
    }

    void savedRunsAreListedComparedReopenedAndDeleted() {
        const QTemporaryDir folder;
        const std::filesystem::path library = folder.filePath("runs.sqlite").toStdString();
        save(library, 1s);
        save(library, 2s);
        ui::RunBrowser browser(library);
        browser.setConfirm([](int) { return true; });
        QAbstractItemModelTester tester(browser.findChild<QTableView*>()->model());
        browser.show();
        auto* table = browser.findChild<QTableView*>();
        auto* text = browser.findChild<QTextBrowser*>();
        QCOMPARE(table->model()->rowCount(), 2);
        table->selectRow(0);
        QVERIFY(text->toPlainText().contains("Shop"));
        QVERIFY(text->toPlainText().contains("Little's law")); // as in the exported report
        QVERIFY(text->toPlainText().contains("billing-in"));
        table->selectAll();
        QVERIFY(text->toPlainText().contains("The two runs are the same, fact by fact."));
        QVERIFY(!button(browser, "Open again")->isEnabled());
        QTest::mouseClick(button(browser, "Delete"), Qt::LeftButton);
        QCOMPARE(table->model()->rowCount(), 0);
        save(library, 1s);
        browser.reload();
        QSignalSpy reopened(&browser, &ui::RunBrowser::reopenRequested);
        table->selectRow(0);
        QTest::mouseClick(button(browser, "Open again"), Qt::LeftButton);
        QCOMPARE(reopened.size(), 1);
    }

    void aForeignFileIsNoLibrary() {
        const QTemporaryDir folder;
        QFile file(folder.filePath("runs.sqlite"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("this is no database at all, and is long enough to be looked at as one");
        file.close();
        ui::RunBrowser browser(file.fileName().toStdString());
        QCOMPARE(browser.findChild<QTableView*>()->model()->rowCount(), 0);
    }

    void importShowsEachVirtualHost() {
        ui::ImportDialog dialog(definitions, "definitions.json");
        dialog.show();
        auto* vhosts = dialog.findChild<QComboBox*>();
        QCOMPARE(vhosts->currentText(), "shop"); // it holds the most
        QVERIFY(dialog.scenario().has_value());
        vhosts->setCurrentText("/");
        QVERIFY(dialog.scenario().has_value());
        const auto queues =
            std::ranges::count_if(dialog.scenario()->components, [](const ComponentEntry& entry) {
                return std::holds_alternative<QueueSpec>(entry.spec);
            });
        QCOMPARE(queues, 1);
        vhosts->setCurrentIndex(vhosts->count() - 1); // all of them
        QVERIFY(dialog.scenario().has_value());
        const auto brokers =
            std::ranges::count_if(dialog.scenario()->components, [](const ComponentEntry& entry) {
                return std::holds_alternative<BrokerSpec>(entry.spec);
            });
        QCOMPARE(brokers, 2);
    }

    void exportTellsWhatIsLeftOutAndSecret() {
        sim::Exported exported;
        exported.leftOut = {{"producer: shop", "no word of <clients>"}};
        exported.secrets = {"password hashes of 2 users"};
        ui::ExportDialog dialog(exported);
        dialog.show();
        QCOMPARE(dialog.findChild<QTextBrowser*>()->toPlainText(),
                 "producer: shop\nno word of <clients>");
        const auto labels = dialog.findChildren<QLabel*>();
        QVERIFY(std::ranges::any_of(labels, [](const QLabel* label) {
            return label->isVisible() && label->text().contains("password hashes of 2 users");
        }));
        QSignalSpy accepted(&dialog, &QDialog::accepted);
        QTest::mouseClick(button(dialog, "Export…"), Qt::LeftButton);
        QCOMPARE(accepted.size(), 1);
    }

    void aFileThatIsNoneCannotBeImported() {
        ui::ImportDialog dialog("not a definitions file", "x.json");
        QVERIFY(!dialog.scenario().has_value());
        QVERIFY(!button(dialog, "Import")->isEnabled());
    }
};

QTEST_MAIN(Runs)
#include "tst_runs.moc"
