#pragma once

#include <string_view>

namespace sim {

/// The look of htmlReport(). Line colours are those of Okabe and Ito (Color Universal Design),
/// which people with any colour vision tell apart; yellow is left out because it is hard to see on
/// white, and black follows the text.
inline constexpr std::string_view htmlStyle = R"css(
:root { color-scheme: light dark; --ink: #1d2227; --dim: #5b6570; --paper: #ffffff;
  --soft: #f3f5f7; --rule: #d5dadf; --good: #007a56; --bad: #b84a00; --open: #0072b2;
  --band: rgba(213, 94, 0, .14); }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --dim: #9aa4ae; --paper: #15181b;
  --soft: #1f2429; --rule: #363d44; --good: #2fc495; --bad: #ff8a3d; --open: #56b4e9;
  --band: rgba(213, 94, 0, .28); } }
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 1100px; margin: 0 auto; padding: 24px; }
h1 { font-size: 1.7em; line-height: 1.2; margin: 0 0 .3em; }
h2 { font-size: 1.2em; margin: 2em 0 .5em; padding-bottom: .2em;
  border-bottom: 1px solid var(--rule); }
h3 { font-size: 1em; margin: 1.4em 0 .3em; }
p { margin: .5em 0; max-width: 75ch; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .5em 0 1em; }
th, td { text-align: left; padding: 3px 14px 3px 0; border-bottom: 1px solid var(--rule);
  vertical-align: top; overflow-wrap: anywhere; }
th { color: var(--dim); font-weight: 600; }
table.numbers td + td, table.numbers th + th { text-align: right; padding: 3px 0 3px 18px; }
.verdict { border: 1px solid var(--rule); border-left: 5px solid var(--good); border-radius: 5px;
  padding: 8px 14px; margin: 8px 0; break-inside: avoid; }
.verdict.violated { border-left-color: var(--bad); }
.verdict.open { border-left-color: var(--open); border-left-style: dashed; }
.verdict b.state { color: var(--good); }
.verdict.violated b.state { color: var(--bad); }
.verdict.open b.state { color: var(--open); }
.verdict .id { color: var(--dim); }
pre { background: var(--soft); padding: 8px 12px; border-radius: 4px; overflow-x: auto;
  font-size: 12.5px; white-space: pre-wrap; overflow-wrap: anywhere; }
svg { display: block; width: 100%; height: auto; font-family: system-ui, sans-serif; }
.chart { max-width: 860px; break-inside: avoid; }
.chart .axis { font-size: 11px; fill: var(--dim); }
.chart .grid { stroke: var(--rule); stroke-width: 1; }
.chart .band { fill: var(--band); }
.chart .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
.line-0 { stroke: #0072b2; --key: #0072b2; } .line-1 { stroke: #d55e00; --key: #d55e00; }
.line-2 { stroke: #009e73; --key: #009e73; } .line-3 { stroke: #cc79a7; --key: #cc79a7; }
.line-4 { stroke: #e69f00; --key: #e69f00; } .line-5 { stroke: #56b4e9; --key: #56b4e9; }
.line-6 { stroke: var(--ink); --key: var(--ink); }
.line-1 { stroke-dasharray: 7 2; } .line-3 { stroke-dasharray: 2 2; }
.line-5 { stroke-dasharray: 9 3 2 3; }
.legend { font-size: 13px; margin: 0 0 1em; }
.legend span { display: inline-block; margin-right: 16px; }
.key { display: inline-block; width: 18px; height: 4px; border-radius: 2px; margin-right: 6px;
  vertical-align: middle; background: var(--key); }
.topology .card rect { fill: var(--paper); stroke: var(--rule); stroke-width: 1.5; }
.topology .card .edge { stroke: none; }
.topology .producer .edge { fill: #0072b2; } .topology .exchange .edge { fill: #cc79a7; }
.topology .queue .edge { fill: #e69f00; } .topology .consumer .edge { fill: #009e73; }
.topology .broker .edge { fill: #56b4e9; }
.topology .name { font-size: 13px; font-weight: 600; fill: var(--ink); }
.topology .kind { font-size: 11.5px; fill: var(--dim); }
.topology .link { fill: none; stroke: var(--dim); stroke-width: 1.4; }
.topology .aside { stroke-dasharray: 5 4; }
.topology .tip { fill: var(--dim); }
.topology .label { font-size: 11px; fill: var(--dim); text-anchor: middle; paint-order: stroke;
  stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
footer { margin-top: 3em; color: var(--dim); font-size: 13px; }
@media print { .topology { min-width: 0 !important; } body { max-width: none; padding: 0; font-size: 10pt; } h2 { break-after: avoid; }
  table, .chart, .topology { break-inside: avoid; } .parameters table { break-inside: auto; } }
)css";

} // namespace sim
