#include "ui/plots/series_content.h"
