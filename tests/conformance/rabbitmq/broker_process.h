#pragma once

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace conformance {

/// Unpacks the broker into `folder` where that has not been done yet. False where it cannot be had.
bool unpackBroker(const QString& folder);

/// Whether a broker has its plugin rabbitmq_management. It then takes longer to start.
enum class Management : std::uint8_t { Off, On };

/// A real RabbitMQ broker on this machine, as long as this value lives.
///
/// Its node, its data, its log and its port mapper (epmd) are its own; everything listens on
/// 127.0.0.1 alone, on ports that were free. Both processes are ended by their ids, also when the
/// program that started them is killed. There is a user `user` with this name as password, an
/// administrator. The nodes of a cluster have one port mapper, which is the first one's.
class BrokerProcess {
public:
    /// Starts the broker that was unpacked into `root` and waits until it takes connections.
    /// Absent when it does not; `why` says then why.
    static std::unique_ptr<BrokerProcess>
    start(const QString& root, const std::vector<std::string>& vhosts, std::string& why,
          Management management = Management::Off);
    /// Starts as many nodes as one cluster, each on its own, at the same time. Empty when one of
    /// them does not start.
    static std::vector<std::unique_ptr<BrokerProcess>>
    startCluster(const QString& root, std::size_t nodes, const std::vector<std::string>& vhosts,
                 std::string& why);
    ~BrokerProcess();
    BrokerProcess(const BrokerProcess&) = delete;
    BrokerProcess& operator=(const BrokerProcess&) = delete;

    /// Ends the node, and nothing else: as an operator does, or with SIGKILL.
    void stop();
    void kill();
    /// Starts the node that was ended, with the data that it left.
    void startAgain();
    /// Waits until it takes connections, and its management interface too. False when it does not in
    /// good time; `why` says then why.
    bool isReady(std::string& why);

    std::uint16_t port() const { return m_port; }
    /// Address of the management interface. Requires Management::On.
    std::string management() const {
        return "http://127.0.0.1:" + std::to_string(m_managementPort);
    }
    static constexpr auto user = "millrace";

private:
    BrokerProcess(const QString& root, Management management);

    QString name() const { return QString("millrace-%1@localhost").arg(m_port); }
    void writeSettings(const std::vector<std::string>& vhosts, const QStringList& peers = {}) const;
    void prepareProcesses();
    void startMapper();
    QProcessEnvironment environment() const;
    QStringList arguments() const;
    /// The end of what it logged.
    std::string lastWords() const;

    QTemporaryDir m_data;
    std::string m_vhost; ///< one that it has
    QString m_erlang;
    QString m_erlangPrograms;
    QString m_home;
    std::uint16_t m_port = 0;
    std::uint16_t m_mapperPort = 0;
    std::uint16_t m_nodePort = 0;
    std::uint16_t m_managementPort = 0; ///< 0: it has no such interface
    QProcess m_mapper; ///< epmd, by which Erlang's nodes find each other
    QProcess m_node;
};

} // namespace conformance
