#include "app/management.h"

#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <termios.h>
#include <unistd.h>

namespace app {
namespace {

constexpr const char* userVariable = "MILLRACE_RABBITMQ_USER";
constexpr const char* passwordVariable = "MILLRACE_RABBITMQ_PASSWORD";

std::optional<std::string> fromEnvironment(const char* name) {
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): one thread so far
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

/// Whoever sits in front of the program, whatever its standard streams are.
class Terminal {
public:
    Terminal() : m_terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {}
    ~Terminal() {
        if (isThere()) {
            ::close(m_terminal);
        }
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;
    Terminal(Terminal&&) = delete;
    Terminal& operator=(Terminal&&) = delete;

    bool isThere() const { return m_terminal >= 0; }
    std::string ask(const std::string& question) const {
        say(question);
        return line();
    }
    /// What is typed is not shown. Ctrl+C counts as a letter meanwhile, so that the terminal does
    /// not stay like this.
    std::string askUnseen(const std::string& question) const {
        termios before{};
        const bool isKnown = ::tcgetattr(m_terminal, &before) == 0;
        termios unseen = before;
        unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        if (!isKnown || ::tcsetattr(m_terminal, TCSAFLUSH, &unseen) != 0) {
            return {}; // rather no password than a visible one
        }
        say(question);
        std::string typed = line();
        ::tcsetattr(m_terminal, TCSAFLUSH, &before);
        say("\n");
        return typed;
    }

private:
    void say(const std::string& text) const {
        [[maybe_unused]] const ssize_t written = ::write(m_terminal, text.data(), text.size());
    }
    std::string line() const {
        std::string typed;
        for (char next = 0; ::read(m_terminal, &next, 1) == 1 && next != '\n';) {
            typed += next;
        }
        return typed;
    }

    int m_terminal;
};

} // namespace

sim::Result<Credentials> askCredentials() {
    std::optional<std::string> user = fromEnvironment(userVariable);
    std::optional<std::string> password = fromEnvironment(passwordVariable);
    if (!user || !password) {
        const Terminal terminal;
        if (!terminal.isThere()) {
            return sim::Problems{{"", std::string("there is no terminal to ask for the user and "
                                                  "the password at: set ") +
                                          userVariable + " and " + passwordVariable}};
        }
        user = user ? user : terminal.ask("User of the broker: ");
        password = password ? password : terminal.askUnseen("Password: ");
    }
    return Credentials{std::move(*user), std::move(*password)};
}

} // namespace app
