#pragma once

#include "sim/scenario/describe.h"
#include "sim/scenario/field_text.h"

#include <algorithm>
#include <string>
#include <vector>

/// The visitor that gives every field of a spec another value than it has, within its range, and
/// counts the fields. References are made up.
class EveryField {
public:
    template <typename T> void operator()(const sim::Field& field, T& member) {
        ++m_count;
        change(field, member);
    }

    template <typename Variant> void flat(Variant& variant) {
        std::visit([&](auto& alternative) { describe(alternative, *this); }, variant);
    }

    int count() const { return m_count; }

private:
    template <typename T> void change(const sim::Field& field, std::optional<T>& member) {
        if (!member) {
            member.emplace();
        }
        change(field, *member);
    }

    template <typename T> void change(const sim::Field& field, std::vector<T>& member) {
        member.assign(2, T{});
        for (T& element : member) {
            change(field, element);
        }
    }

    template <typename T> void change(const sim::Field& field, T& member) {
        if constexpr (std::is_enum_v<T>) {
            constexpr std::size_t choices = sim::choicesOf<T>.size();
            member = static_cast<T>((static_cast<std::size_t>(member) + 1) % choices);
        } else if constexpr (sim::isNumber<T>) {
            member = number<T>(field, member);
        } else if constexpr (sim::isVariant<T>) {
            sim::emplaceAt(member, (member.index() + 1) % std::variant_size_v<T>);
            inside(member);
        } else {
            inside(member);
        }
    }

    void change(const sim::Field&, bool& member) { member = !member; }
    void change(const sim::Field&, std::string& member) { member += "§ \"n\"\n" + next(); }
    void change(const sim::Field& field, sim::Duration& member) {
        const sim::Range range = sim::rangeOf<sim::Duration>(field);
        member += std::chrono::milliseconds(1234 + m_next++);
        member = range.contains(static_cast<double>(member.count())) ? member
                                                                     : std::chrono::milliseconds(1);
    }
    void change(const sim::Field&, sim::Position& member) {
        member = {member.x + 1.25, member.y - 10};
    }
    void change(const sim::Field&, sim::Table& member) {
        member = {{"void", std::monostate{}}, {"bool", true},           {"int", std::int64_t{-1}},
                  {"whole float", 1.0},       {"float", 0.1},           {"text", std::string("1")},
                  {"a/b~c", std::int64_t{7}}, {next(), std::int64_t{2}}};
    }
    void change(const sim::Field&, sim::JsonObject& member) {
        const sim::JsonObject inner{{"null", {}}, {"real", {0.5}}, {"text", {std::string("§")}}};
        member = {{"list", {sim::JsonValue::Array{{true}, {inner}}}},
                  {next(), {std::int64_t{-1}}}};
    }
    void change(const sim::Field&, sim::Distribution& member) {
        const double mean = 1e6 + 1000 * m_next++;
        const std::vector<sim::Distribution> all{
            sim::Distribution::constant(mean),
            sim::Distribution::uniform(mean, mean + 500),
            sim::Distribution::exponential(mean),
            sim::Distribution::normal(mean, 1000, 10, 2 * mean),
            sim::Distribution::logNormal(13.25, 0.1),
            sim::Distribution::logNormalByMeanAndP99(mean, 3 * mean),
            sim::Distribution::gamma(2.5, mean),
            sim::Distribution::weibull(0.7, mean),
            sim::Distribution::pareto(2.1, mean),
            sim::Distribution::empirical({mean, 0, 7.5}),
            sim::Distribution::mixture({{0.25, sim::Distribution::constant(1.0 / 3)},
                                        {3, sim::Distribution::exponential(mean)}}),
        };
        member = all[static_cast<std::size_t>(m_next) % all.size()];
    }

    template <typename T> T number(const sim::Field& field, T member) {
        const sim::Range range = sim::rangeOf<T>(field);
        for (const double candidate : {0.37 + 0.001 * m_next++, 3.0, 42.0, 7.0, 150.0, -2.0, 2048.0}) {
            const T value = static_cast<T>(candidate);
            if (static_cast<double>(value) == candidate && range.contains(candidate) &&
                value != member) {
                return value;
            }
        }
        return member;
    }

    template <typename T> void inside(T& member) {
        EveryField visitor;
        visitor.m_next = m_next;
        if constexpr (sim::isVariant<T>) {
            visitor.flat(member);
        } else {
            describe(member, visitor);
        }
        m_next = visitor.m_next;
    }

    std::string next() { return std::to_string(m_next++); }

    int m_count = 0;
    int m_next = 1;
};
