#include "app/management.h"

#include "sim/scenario/json.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <memory>

namespace app {
namespace {

struct FreeText {
    void operator()(char* text) const { curl_free(text); }
};
struct FreeAddress {
    void operator()(CURLU* address) const { curl_url_cleanup(address); }
};
struct FreeTransfer {
    void operator()(CURL* transfer) const { curl_easy_cleanup(transfer); }
};

/// An address, taken apart.
class Address {
public:
    explicit Address(const std::string& text) : m_parts(curl_url()) {
        m_isGood = curl_url_set(m_parts.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK;
    }

    bool isGood() const { return m_isGood; }
    /// Empty where it has none.
    std::string part(CURLUPart which, unsigned flags = 0) const {
        char* text = nullptr;
        curl_url_get(m_parts.get(), which, &text, flags);
        const std::unique_ptr<char, FreeText> owned(text);
        return text == nullptr ? std::string{} : std::string{text};
    }
    bool isThisMachine() const {
        const std::string host = part(CURLUPART_HOST);
        in_addr four{};
        const bool isFour = inet_pton(AF_INET, host.c_str(), &four) == 1;
        return host == "localhost" || host == "[::1]" ||
               (isFour && ntohl(four.s_addr) >> 24 == 127);
    }
    std::string place() const {
        return fmt::format("{}:{}", part(CURLUPART_HOST), part(CURLUPART_PORT, CURLU_DEFAULT_PORT));
    }
    /// Of what is to be fetched.
    std::string definitions() {
        std::string path = part(CURLUPART_PATH);
        while (path.ends_with('/')) {
            path.pop_back();
        }
        path += "/api/definitions";
        curl_url_set(m_parts.get(), CURLUPART_PATH, path.c_str(), 0);
        return part(CURLUPART_URL);
    }

private:
    std::unique_ptr<CURLU, FreeAddress> m_parts;
    bool m_isGood = false;
};

/// Takes what comes, up to the longest file that can be read.
std::size_t take(const char* bytes, std::size_t size, std::size_t count, void* to) {
    auto& text = *static_cast<std::string*>(to);
    if (text.size() + size * count > sim::jsonBytesMax) {
        return 0;
    }
    text.append(bytes, size * count);
    return size * count;
}

constexpr const char* whereItIs =
    "the management interface of a broker is the plugin rabbitmq_management, by default on port "
    "15672";

std::string failureText(CURLcode code, const Address& address, std::chrono::milliseconds patience) {
    switch (code) {
    case CURLE_COULDNT_CONNECT:
        return fmt::format("nobody listens at {}: {}", address.place(), whereItIs);
    case CURLE_OPERATION_TIMEDOUT:
        return fmt::format("{} did not answer within {} s", address.place(),
                           static_cast<double>(patience.count()) / 1000);
    case CURLE_WRITE_ERROR:
        return fmt::format("{} answers with more than {} MiB", address.place(),
                           sim::jsonBytesMax >> 20U);
    default:
        return fmt::format("{}: {}", address.place(), curl_easy_strerror(code));
    }
}

/// Empty where it is the one of a definitions file.
std::string statusText(long status, const std::string& redirect, const Address& address) {
    constexpr long good = 200;
    if (status == good) {
        return {};
    }
    if (status == 401 || status == 403) {
        return fmt::format(
            "{} refuses this user or this password (status {}): it takes a user with "
            "the tag administrator",
            address.place(), status);
    }
    if (status == 404) {
        return fmt::format("{} has no /api/definitions (status 404): {}", address.place(),
                           whereItIs);
    }
    if (status >= 300 && status < 400) {
        return fmt::format(
            "{} sends on to {} (status {}): nothing is sent there, give that address "
            "where it is the right one",
            address.place(), redirect.empty() ? "another place" : redirect, status);
    }
    return fmt::format("{} answers with status {}, not with definitions", address.place(), status);
}

} // namespace

sim::Problems addressProblems(const std::string& text) {
    const Address address(text);
    const auto problem = [](std::string what) { return sim::Problems{{"", std::move(what)}}; };
    const std::string scheme = address.isGood() ? address.part(CURLUPART_SCHEME) : "";
    if (scheme != "http" && scheme != "https") {
        return problem("is no address of a management interface, such as http://127.0.0.1:15672");
    }
    if (!address.part(CURLUPART_USER).empty() || !address.part(CURLUPART_PASSWORD).empty() ||
        !address.part(CURLUPART_QUERY).empty()) {
        return problem("names a user, a password or a query: leave them out, since the shell keeps "
                       "its commands. Millrace asks for them, or takes MILLRACE_RABBITMQ_USER and "
                       "MILLRACE_RABBITMQ_PASSWORD");
    }
    if (scheme == "http" && !address.isThisMachine()) {
        return problem(fmt::format("{} is another machine, and over http: everybody on the way "
                                   "could read the password: take https, or a tunnel to 127.0.0.1",
                                   address.part(CURLUPART_HOST)));
    }
    return {};
}

sim::Result<std::string> fetchDefinitions(const std::string& text, const Credentials& credentials,
                                          std::chrono::milliseconds patience) {
    sim::Problems problems = addressProblems(text);
    if (!problems.empty()) {
        return problems;
    }
    Address address(text);
    const bool isThisMachine = address.isThisMachine();
    const std::unique_ptr<CURL, FreeTransfer> owned(curl_easy_init());
    CURL* transfer = owned.get();
    std::string body;
    curl_easy_setopt(transfer, CURLOPT_URL, address.definitions().c_str());
    curl_easy_setopt(transfer, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(transfer, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(transfer, CURLOPT_USERNAME, credentials.user.c_str());
    curl_easy_setopt(transfer, CURLOPT_PASSWORD, credentials.password.c_str());
    curl_easy_setopt(transfer, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(transfer, CURLOPT_TIMEOUT_MS, static_cast<long>(patience.count()));
    curl_easy_setopt(transfer, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(transfer, CURLOPT_WRITEFUNCTION, &take);
    curl_easy_setopt(transfer, CURLOPT_WRITEDATA, &body);
    if (isThisMachine) {
        curl_easy_setopt(transfer, CURLOPT_PROXY, ""); // none, whatever the environment says
    }
    const CURLcode code = curl_easy_perform(transfer);
    if (code != CURLE_OK) {
        return sim::Problems{{"", failureText(code, address, patience)}};
    }
    long status = 0;
    const char* redirect = nullptr;
    curl_easy_getinfo(transfer, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer, CURLINFO_REDIRECT_URL, &redirect);
    std::string wrong = statusText(status, redirect == nullptr ? "" : redirect, address);
    if (wrong.empty() && !sim::parseJson(body)) {
        wrong = fmt::format("{} does not answer with JSON: {}", address.place(), whereItIs);
    }
    return wrong.empty() ? sim::Result<std::string>(std::move(body))
                         : sim::Problems{{"", std::move(wrong)}};
}

} // namespace app
