#include "tests/conformance/rabbitmq/broker_process.h"

#include "tests/conformance/rabbitmq/amqp.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QThread>
#include <QUuid>

#include <csignal>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace conformance {
namespace {

constexpr int startsWithinMs = 120'000;
constexpr int endsWithinMs = 10'000;

/// A port of 127.0.0.1 that nobody listens on now; 0 where there is none.
std::uint16_t freePort() {
    const int probe = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    const bool bound = bind(probe, generic, size) == 0 && getsockname(probe, generic, &size) == 0;
    close(probe);
    return bound ? ntohs(address.sin_port) : std::uint16_t{0};
}

/// Whether somebody takes connections at this port of 127.0.0.1.
bool isListening(std::uint16_t port) {
    const int probe = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const bool isTaken = connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    close(probe);
    return isTaken;
}

/// The one folder whose name begins like this.
QString folderLike(const QString& parent, const QString& beginning) {
    const QStringList found = QDir(parent).entryList({beginning + "*"}, QDir::Dirs);
    return found.isEmpty() ? QString() : parent + "/" + found.first();
}

void write(const QString& path, const QByteArray& text) {
    QFile file(path);
    file.open(QFile::WriteOnly);
    file.write(text);
}

/// Has the process ended with this program, however that ends.
void endsWithUs(QProcess& process) {
    process.setChildProcessModifier([] { prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

void end(QProcess& process) {
    if (process.state() == QProcess::NotRunning) {
        return;
    }
    process.terminate();
    if (!process.waitForFinished(endsWithinMs)) {
        process.kill();
        process.waitForFinished(endsWithinMs);
    }
}

QByteArray definitions(const std::vector<std::string>& vhosts) {
    QJsonArray hosts;
    QJsonArray permissions;
    for (const std::string& vhost : vhosts) {
        const QString name = QString::fromStdString(vhost);
        hosts << QJsonObject{{"name", name}};
        permissions << QJsonObject{{"user", BrokerProcess::user},
                                   {"vhost", name},
                                   {"configure", ".*"},
                                   {"write", ".*"},
                                   {"read", ".*"}};
    }
    const QJsonObject user{
        {"name", BrokerProcess::user}, {"password", BrokerProcess::user}, {"tags", "administrator"}};
    return QJsonDocument(QJsonObject{{"users", QJsonArray{user}},
                                     {"vhosts", hosts},
                                     {"permissions", permissions}})
        .toJson();
}

} // namespace

bool unpackBroker(const QString& folder) {
    QProcess unpack;
    unpack.setProcessChannelMode(QProcess::ForwardedChannels);
    unpack.start(PROJECT_ROOT "/tests/conformance/rabbitmq/unpack", {folder});
    return unpack.waitForFinished(-1) && unpack.exitStatus() == QProcess::NormalExit &&
           unpack.exitCode() == 0;
}

BrokerProcess::BrokerProcess(const QString& root, Management management)
    : m_erlang(root + "/usr/lib/erlang")
    , m_erlangPrograms(folderLike(m_erlang, "erts-") + "/bin")
    , m_home(folderLike(root + "/usr/lib/rabbitmq/lib", "rabbitmq_server-"))
    , m_port(freePort())
    , m_mapperPort(freePort())
    , m_nodePort(freePort())
    , m_managementPort(management == Management::On ? freePort() : std::uint16_t{0}) {}

BrokerProcess::~BrokerProcess() {
    end(m_node);
    end(m_mapper);
}

std::unique_ptr<BrokerProcess> BrokerProcess::start(const QString& root,
                                                    const std::vector<std::string>& vhosts,
                                                    std::string& why, Management management) {
    std::unique_ptr<BrokerProcess> broker(new BrokerProcess(root, management));
    broker->m_vhost = vhosts.back();
    broker->writeSettings(vhosts);
    broker->prepareProcesses();
    broker->startMapper();
    broker->startAgain();
    if (!broker->isReady(why)) {
        return nullptr;
    }
    return broker;
}

std::vector<std::unique_ptr<BrokerProcess>>
BrokerProcess::startCluster(const QString& root, std::size_t nodes,
                            const std::vector<std::string>& vhosts, std::string& why) {
    std::vector<std::unique_ptr<BrokerProcess>> cluster;
    QStringList peers;
    for (std::size_t i = 0; i < nodes; ++i) {
        cluster.emplace_back(new BrokerProcess(root, Management::Off));
        cluster.back()->m_mapperPort = cluster.front()->m_mapperPort;
        peers << cluster.back()->name();
    }
    const QByteArray cookie = QUuid::createUuid().toByteArray(QUuid::Id128);
    for (const auto& node : cluster) {
        node->m_vhost = vhosts.back();
        node->writeSettings(vhosts, peers);
        const QString path = node->m_data.filePath(".erlang.cookie");
        write(path, cookie);
        QFile::setPermissions(path, QFile::ReadOwner);
        node->prepareProcesses();
    }
    cluster.front()->startMapper();
    for (const auto& node : cluster) {
        node->startAgain();
    }
    for (const auto& node : cluster) {
        if (!node->isReady(why)) {
            return {};
        }
    }
    return cluster;
}

void BrokerProcess::prepareProcesses() {
    for (QProcess* process : {&m_mapper, &m_node}) {
        endsWithUs(*process);
        process->setProcessEnvironment(environment());
        process->setProcessChannelMode(QProcess::MergedChannels);
        process->setStandardInputFile(QProcess::nullDevice());
        process->setStandardOutputFile(m_data.filePath("output"), QFile::Append);
    }
}

void BrokerProcess::startMapper() {
    m_mapper.start(m_erlangPrograms + "/epmd",
                   {"-port", QString::number(m_mapperPort), "-address", "127.0.0.1"});
    m_mapper.waitForStarted();
}

void BrokerProcess::stop() { end(m_node); }

void BrokerProcess::kill() {
    m_node.kill();
    m_node.waitForFinished(endsWithinMs);
}

void BrokerProcess::startAgain() { m_node.start(m_erlangPrograms + "/erlexec", arguments()); }

void BrokerProcess::writeSettings(const std::vector<std::string>& vhosts,
                                  const QStringList& peers) const {
    const QString definitionsFile = m_data.filePath("definitions.json");
    write(definitionsFile, definitions(vhosts));
    write(m_data.filePath("plugins"),
          m_managementPort == 0 ? "[].\n" : "[rabbitmq_management].\n");
    QString settings = QString("listeners.tcp.local = 127.0.0.1:%1\n"
                               "load_definitions = %2\n"
                               "log.console = false\n"
                               "log.file.level = info\n")
                           .arg(m_port)
                           .arg(definitionsFile);
    if (m_managementPort != 0) {
        settings += QString("management.tcp.ip = 127.0.0.1\n"
                            "management.tcp.port = %1\n")
                        .arg(m_managementPort);
    }
    if (!peers.isEmpty()) {
        settings += "cluster_formation.peer_discovery_backend = classic_config\n";
    }
    for (qsizetype i = 0; i < peers.size(); ++i) {
        settings +=
            QString("cluster_formation.classic_config.nodes.%1 = %2\n").arg(i + 1).arg(peers[i]);
    }
    write(m_data.filePath("rabbitmq.conf"), settings.toUtf8());
}

/// Nothing of the user's environment comes in: neither settings of another broker, nor the cookie
/// of another node.
QProcessEnvironment BrokerProcess::environment() const {
    QProcessEnvironment all;
    all.insert("HOME", m_data.path());
    all.insert("LANG", "C.UTF-8");
    all.insert("PATH", m_erlangPrograms + ":/usr/bin:/bin");
    all.insert("ROOTDIR", m_erlang);
    all.insert("BINDIR", m_erlangPrograms);
    all.insert("EMU", "beam");
    all.insert("PROGNAME", "erl");
    all.insert("ERL_LIBS", m_home + "/plugins");
    all.insert("ERL_EPMD_PORT", QString::number(m_mapperPort));
    all.insert("ERL_EPMD_ADDRESS", "127.0.0.1");
    all.insert("ERL_CRASH_DUMP_SECONDS", "0");
    all.insert("RABBITMQ_HOME", m_home);
    all.insert("RABBITMQ_PLUGINS_DIR", m_home + "/plugins");
    all.insert("RABBITMQ_NODENAME", name());
    all.insert("RABBITMQ_DIST_PORT", QString::number(m_nodePort));
    all.insert("RABBITMQ_MNESIA_BASE", m_data.filePath("data"));
    all.insert("RABBITMQ_LOG_BASE", m_data.filePath("log"));
    all.insert("RABBITMQ_CONFIG_FILE", m_data.filePath("rabbitmq.conf"));
    all.insert("RABBITMQ_CONF_ENV_FILE", m_data.filePath("no-such-file"));
    all.insert("RABBITMQ_ENABLED_PLUGINS_FILE", m_data.filePath("plugins"));
    return all;
}

/// What the script `rabbitmq-server` would have started: the virtual machine itself, so that the
/// process is ours, and no second port mapper.
QStringList BrokerProcess::arguments() const {
    const QString nodePort = QString::number(m_nodePort);
    return {"-noinput",    "-s",      "rabbit",
            "boot",        "-boot",   "start_sasl",
            "-start_epmd", "false",   "+W",
            "w",           "+sbwt",   "none",
            "+sbwtdcpu",   "none",    "+sbwtdio",
            "none",        "-kernel", "inet_dist_use_interface",
            "{127,0,0,1}", "-kernel", "inet_dist_listen_min",
            nodePort,      "-kernel", "inet_dist_listen_max",
            nodePort,      "-syslog", "logger",
            "[]",          "-syslog", "syslog_error_logger",
            "false"};
}

bool BrokerProcess::isReady(std::string& why) {
    QElapsedTimer sinceStart;
    sinceStart.start();
    m_node.waitForStarted();
    while (!Connection::isPossible(m_port, m_vhost) ||
           (m_managementPort != 0 && !isListening(m_managementPort))) {
        const bool ended = m_node.waitForFinished(1) || m_node.state() == QProcess::NotRunning;
        if (ended || sinceStart.elapsed() > startsWithinMs) {
            why = (ended ? "it ended by itself" : "it took too long to start") + lastWords();
            return false;
        }
        QThread::msleep(100);
    }
    return true;
}

std::string BrokerProcess::lastWords() const {
    constexpr int enough = 3000;
    QFile output(m_data.filePath("output"));
    output.open(QFile::ReadOnly);
    return ":\n" + output.readAll().right(enough).toStdString();
}

} // namespace conformance
