#include "tests/ui/panel_sample.h"
#include "ui/inspect/component_panel.h"
#include "ui/inspect/field_text.h"
#include "ui/inspect/property_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace sim;

namespace {

/// A form over one spec, on the screen.
template <typename Spec> struct FormOf {
    Spec spec;
    ui::PropertyForm form;

    explicit FormOf(Spec start = {}) : spec(std::move(start)) {
        form.setFields(ui::namesIn(sample::scenario()),
                       [this](ui::FormBuilder& builder) { describe(spec, builder); });
        form.resize(360, 900);
        form.show();
    }

    template <typename Widget> Widget* at(const char* path) {
        return form.widget()->findChild<Widget*>(path);
    }
};

void type(QLineEdit* edit, const QString& text) {
    edit->selectAll();
    QTest::keyClicks(edit, text);
    QTest::keyClick(edit, Qt::Key_Return);
}

void chooseByKey(QComboBox* box, const QString& text) {
    QTest::keyClicks(box, text);
    QTest::keyClick(box, Qt::Key_Return);
    emit box->activated(box->currentIndex());
    QCoreApplication::processEvents();
}

} // namespace

class PropertyFormTest : public QObject {
    Q_OBJECT

private slots:
    void aNumberWithAUnitIsTyped() {
        FormOf<ConsumerSpec> form;
        QSignalSpy edited(&form.form, &ui::PropertyForm::edited);
        type(form.at<QLineEdit>("/prefetch"), "25");
        QCOMPARE(form.spec.prefetch, 25u);
        type(form.at<QLineEdit>("/failure_rate"), "12.5%");
        QCOMPARE(form.spec.failureRate, 0.125);
        QCOMPARE(edited.size(), 2);
    }

    void whatIsRefusedSaysWhyAndChangesNothing() {
        FormOf<ConsumerSpec> form;
        QSignalSpy edited(&form.form, &ui::PropertyForm::edited);
        type(form.at<QLineEdit>("/instances"), "0");
        QCOMPARE(form.spec.instances, 1u);
        type(form.at<QLineEdit>("/prefetch"), "many");
        QCOMPARE(edited.size(), 0);
        const auto labels = form.form.widget()->findChildren<QLabel*>();
        const auto said = std::count_if(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() && (label->text().contains("Allowed is 1 to") ||
                                          label->text().contains("A number is needed"));
        });
        QCOMPARE(said, 2);
    }

    void anAbsentFieldIsSwitchedOn() {
        FormOf<QueueSpec> form;
        QVERIFY(form.at<QLineEdit>("/message_ttl") == nullptr);
        QTest::mouseClick(form.at<QCheckBox>("/message_ttl?"), Qt::LeftButton, {}, QPoint(8, 8));
        QTRY_VERIFY(form.at<QLineEdit>("/message_ttl") != nullptr);
        type(form.at<QLineEdit>("/message_ttl"), "30s");
        QCOMPARE(form.spec.messageTtl, std::optional<Duration>(30s));
        type(form.at<QLineEdit>("/message_ttl"), "1500us");
        QCOMPARE(form.spec.messageTtl, std::optional<Duration>(30s));
    }

    void anotherKindOfArrivalsBringsItsFields() {
        FormOf<ProducerSpec> form;
        chooseByKey(form.at<QComboBox>("/arrivals"), "burst");
        QTRY_VERIFY(form.at<QLineEdit>("/arrivals/size") != nullptr);
        type(form.at<QLineEdit>("/arrivals/size"), "7");
        QCOMPARE(std::get<BurstArrivals>(form.spec.arrivals).size, 7u);
    }

    void aDistributionKeepsItsMeanWhenItsKindChanges() {
        FormOf<ConsumerSpec> form;
        chooseByKey(form.at<QComboBox>("/service_time"), "exponential");
        QTRY_VERIFY(form.at<QLineEdit>("/service_time/mean") != nullptr);
        QCOMPARE(form.spec.serviceTime, Distribution::exponential(10e6));
        type(form.at<QLineEdit>("/service_time/mean"), "25ms");
        QCOMPARE(form.spec.serviceTime, Distribution::exponential(25e6));
    }

    void everyKindOfDistributionIsWholeAtOnce() {
        for (std::size_t kind = 0; kind < std::variant_size_v<DistributionSpec>; ++kind) {
            const auto spec = ui::distributionLike(Distribution::constant(10e6), kind);
            QCOMPARE(spec.index(), kind);
            QVERIFY2(toDistribution(spec).has_value(), qPrintable(QString::number(kind)));
        }
    }

    void listsGrowAndShrink() {
        FormOf<ProducerSpec> form;
        QTest::mouseClick(form.at<QToolButton>("/types+"), Qt::LeftButton);
        QTRY_COMPARE(form.spec.types.size(), std::size_t{2});
        QTRY_VERIFY(form.at<QLineEdit>("/types/1/name") != nullptr);
        type(form.at<QLineEdit>("/types/1/name"), "order.paid");
        QCOMPARE(form.spec.types[1].name, "order.paid");
        QTest::mouseClick(form.at<QToolButton>("/types/0−"), Qt::LeftButton);
        QTRY_COMPARE(form.spec.types.size(), std::size_t{1});
        QCOMPARE(form.spec.types[0].name, "order.paid");
    }

    void headersKeepTheirTypes() {
        FormOf<BindingLink> form;
        QTest::mouseClick(form.at<QToolButton>("/arguments+"), Qt::LeftButton);
        QTRY_VERIFY(form.at<QLineEdit>("/arguments/0") != nullptr);
        type(form.at<QLineEdit>("/arguments/0"), "priority");
        type(form.at<QLineEdit>("/arguments/0/value"), "7");
        QCOMPARE(form.spec.arguments, (Table{{"priority", std::int64_t{7}}}));
    }

    void tableValuesReadAsTheyAreWritten() {
        for (const TableValue& value :
             {TableValue{}, TableValue{true}, TableValue{std::int64_t{12}}, TableValue{1.0},
              TableValue{std::string("12")}, TableValue{std::string("true")},
              TableValue{std::string("north")}, TableValue{std::string("\"quoted\"")}}) {
            QCOMPARE(ui::readTableValue(ui::tableValueText(value)), value);
        }
    }

    void referencesOfferWhatIsThere() {
        FormOf<ConsumeLink> form(ConsumeLink{"billing-in", "billing", {}});
        auto* box = form.at<QComboBox>("/from");
        QCOMPARE(box->count(), 1);
        QCOMPARE(box->currentText(), "billing-in");
    }

    void theInspectorEditsTheDocument() {
        Scenario document = sample::scenario();
        ui::ComponentPanel panel;
        QStringList labels;
        panel.setEdit([&](const QString& label, const std::function<void(Scenario&)>& change) {
            labels << label;
            change(document);
            panel.setScenario(document, sample::catalogue());
        });
        panel.setScenario(document, sample::catalogue());
        panel.resize(360, 900);
        panel.show();
        panel.choose(sample::billing);
        auto* prefetch = panel.findChild<QLineEdit*>("/prefetch");
        type(prefetch, "8");
        QCOMPARE(std::get<ConsumerSpec>(document.components[3].spec).prefetch, 8u);
        QCOMPARE(labels, QStringList{"Change prefetch of billing"});
        QCOMPARE(panel.findChild<QLineEdit*>("/prefetch"), prefetch); // the keyboard stays in it
    }
};

QTEST_MAIN(PropertyFormTest)
#include "tst_property_form.moc"
