#ifndef GAUGE_H
#define GAUGE_H

#include <stddef.h>

enum gauge_level { GAUGE_LOW, GAUGE_NORMAL, GAUGE_HIGH };

/* Judges a series of one-second amounts (millilitres) in a channel of the given width (millimetres). */
enum gauge_level gauge_judge(unsigned width, const unsigned long *amounts, size_t count);

const char *gauge_name(enum gauge_level level);

#endif
