#include "tests/support/sample_frames.h"
#include "ui/canvas/canvas_painter.h"
#include "ui/common/palette.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QPainter>

#include <algorithm>
#include <cstdio>

using namespace sim;

namespace {

struct Timing {
    double median;
    double worst;
};

/// Milliseconds per frame: the picture computed and painted, as the window does it 60 times a
/// second. Everything moves from frame to frame.
Timing measure(const ui::CanvasContent& still, QImage& image, int flights, int frames) {
    ui::CanvasContent content = still;
    ui::CanvasPainter painter;
    ui::Viewport viewport;
    viewport.fit(content.layout.bounds, image.size());
    std::vector<double> times;
    for (int n = 0; n < frames; ++n) {
        const Instant at = start + 10s + n * 16ms;
        content.frame = std::make_shared<Frame>(sample::frame(content.scenario, at, flights));
        QElapsedTimer timer;
        timer.start();
        content.picture = ui::pictureOf(content.scenario, *content.frame, content.tally, at, 5ms);
        QPainter on(&image);
        painter.paint(on, ui::palette(ui::Theme::Light), content, viewport, image.size(), 1);
        on.end();
        times.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    times.erase(times.begin()); // the first frame paints what is kept from then on
    std::sort(times.begin(), times.end());
    return {times[times.size() / 2], times.back()};
}

} // namespace

int main(int argc, char** argv) {
    const QApplication application(argc, argv);
    QCommandLineParser options;
    options.addOption({"frames", "How many frames to paint.", "n", "200"});
    options.addOption({"save", "Writes the last frame as a picture.", "file"});
    options.process(application);
    const int frames = std::max(options.value("frames").toInt(), 3);

    ui::CanvasContent content;
    content.scenario = sample::grid(5);
    content.layout = ui::layoutOf(content.scenario);
    QImage image(1440, 900, QImage::Format_ARGB32_Premultiplied);
    for (const int flights : {200, 2000}) {
        const Timing timing = measure(content, image, flights, frames);
        std::printf("canvas  %zu nodes  %5d messages in flight  1440x900  %.2f ms/frame median, "
                    "%.2f worst\n",
                    content.scenario.components.size(), flights, timing.median, timing.worst);
    }
    if (options.isSet("save")) {
        image.save(options.value("save"));
    }
    return 0;
}
