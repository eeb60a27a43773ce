#include "ui/window/desktop.h"

int main(int argc, char** argv) { return ui::runDesktop(argc, argv); }
