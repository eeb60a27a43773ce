#include "ui/window/library_panel.h"

#include "sim/scenario/library.h"
#include "sim/scenario/read.h"
#include "ui/common/text.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QSplitter>
#include <QStandardItemModel>
#include <QTextBrowser>
#include <QTreeView>
#include <QVBoxLayout>

#include <filesystem>

namespace ui {

namespace {

constexpr int fileRole = Qt::UserRole;
constexpr int descriptionRole = Qt::UserRole + 1;

QString folderTitle(const QString& name) {
    if (name == QStringLiteral("rabbitmq")) {
        return QStringLiteral("RabbitMQ");
    }
    if (name == QStringLiteral("aws")) {
        return QStringLiteral("Amazon SQS and SNS");
    }
    return name == QStringLiteral(".") ? QObject::tr("Lessons")
                                       : name.left(1).toUpper() + name.mid(1);
}

QStandardItem* itemOf(const std::filesystem::path& file) {
    const auto scenario = sim::readScenarioFile(file);
    const std::string name = file.stem().string();
    auto* item =
        new QStandardItem(qText(scenario && !scenario->title.empty() ? scenario->title : name));
    item->setData(qText(file.string()), fileRole);
    item->setData(scenario ? qText(scenario->description) : problemsText(scenario.error()),
                  descriptionRole);
    item->setToolTip(item->text());
    item->setEditable(false);
    return item;
}

} // namespace

QString scenariosFolder() {
    const std::string program = QCoreApplication::applicationFilePath().toStdString();
    return qText(sim::findScenarios(program).string());
}

LibraryPanel::LibraryPanel(const QString& folder, QWidget* parent)
    : QWidget(parent)
    , m_model(new QStandardItemModel(this))
    , m_list(new QTreeView)
    , m_text(new QTextBrowser) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    auto* parts = new QSplitter(Qt::Vertical);
    column->addWidget(parts);
    m_list->setModel(m_model);
    m_list->setHeaderHidden(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setIndentation(12);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Lessons"));
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setAccessibleName(tr("What to look for"));
    m_text->document()->setDocumentMargin(12);
    parts->addWidget(m_list);
    parts->addWidget(m_text);
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    fill(folder);
    connect(m_list, &QTreeView::activated, this, &LibraryPanel::open);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &LibraryPanel::describeAt);
}

void LibraryPanel::fill(const QString& folder) {
    if (folder.isEmpty()) {
        return;
    }
    const std::filesystem::path library = folder.toStdString();
    QStandardItem* group = nullptr;
    std::filesystem::path groupFolder;
    for (const std::filesystem::path& file : sim::lessonsIn(library)) {
        if (group == nullptr || file.parent_path() != groupFolder) {
            groupFolder = file.parent_path();
            group = new QStandardItem(
                folderTitle(qText(groupFolder.lexically_relative(library).string())));
            group->setEditable(false);
            m_model->appendRow(group);
        }
        group->appendRow(itemOf(file));
    }
    m_list->expandAll();
}

QString LibraryPanel::firstLesson() const {
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (m_model->item(row)->rowCount() > 0) {
            return m_model->item(row)->child(0)->data(fileRole).toString();
        }
    }
    return {};
}

void LibraryPanel::open(const QModelIndex& index) {
    const QString file = index.data(fileRole).toString();
    if (!file.isEmpty()) {
        emit opened(file);
    }
}

void LibraryPanel::mark(const QString& file) {
    const QString wanted = QFileInfo(file).canonicalFilePath();
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QStandardItem* group = m_model->item(row);
        for (int n = 0; n < group->rowCount(); ++n) {
            const QString lesson = group->child(n)->data(fileRole).toString();
            if (QFileInfo(lesson).canonicalFilePath() == wanted) {
                const QSignalBlocker silent(m_list->selectionModel());
                m_list->setCurrentIndex(group->child(n)->index());
                m_list->scrollTo(m_list->currentIndex()); // blocked signals bring no scrolling
                m_list->viewport()->update();
                return;
            }
        }
    }
    m_list->clearSelection();
}

void LibraryPanel::describeAt(const QModelIndex& index) {
    if (!index.data(fileRole).toString().isEmpty()) {
        describe(index.data().toString(), index.data(descriptionRole).toString());
    }
}

void LibraryPanel::describe(const QString& title, const QString& description) {
    const QString paragraphs =
        description.toHtmlEscaped().replace(QStringLiteral("\n\n"), QStringLiteral("</p><p>"));
    m_text->setHtml(QStringLiteral("<h3>%1</h3><p>%2</p>").arg(title.toHtmlEscaped(), paragraphs));
}

} // namespace ui
