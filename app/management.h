#pragma once

#include "sim/base/result.h"

#include <chrono>
#include <string>

namespace app {

/// Who asks a broker. Neither is stored or printed anywhere.
struct Credentials {
    std::string user;
    std::string password;
};

/// From MILLRACE_RABBITMQ_USER and MILLRACE_RABBITMQ_PASSWORD, and what they do not say from
/// whoever sits at the terminal, without showing the password. A problem where there is no
/// terminal.
sim::Result<Credentials> askCredentials();

/// What is wrong with the address of a management interface; empty where nothing is. A user or a
/// password in it is refused, since a shell keeps the commands that it was given, and so is plain
/// HTTP to another machine, where it could be read on the way.
sim::Problems addressProblems(const std::string& address);

/// What a broker's management interface exports: GET /api/definitions, with basic authentication
/// and without following redirects, which would pass the password on. `patience` is for all of it.
/// Problems: nobody listens, time is up, the user is refused, it is something else that answers.
/// Source: https://www.rabbitmq.com/docs/definitions, https://www.rabbitmq.com/docs/management
sim::Result<std::string> fetchDefinitions(const std::string& address,
                                          const Credentials& credentials,
                                          std::chrono::milliseconds patience);

} // namespace app
