#pragma once

namespace ui {

/// The desktop program from its command line to its exit code: 0 good, 2 bad input.
///
/// millrace [SCENARIO] [--at TIME] [--screenshot FILE] [--theme light|dark|system] [--size WxH]
///          [--scale FACTOR] [--text PERCENT]
///
/// Without a display it draws on none (Qt's offscreen platform), which is of use with --screenshot.
int runDesktop(int argc, char** argv);

} // namespace ui
