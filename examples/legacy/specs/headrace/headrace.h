#ifndef HEADRACE_H
#define HEADRACE_H

#define HEADRACE_VERSION "2022.4"

/* Width of the channel that carries amount millilitres per second at the given speed (millimetres per second) and depth (millimetres). */
static inline unsigned headrace_width(unsigned long amount, unsigned speed, unsigned depth)
{
    unsigned long area = (unsigned long)speed * depth;

    return area ? (unsigned)((amount * 1000 + area - 1) / area) : 0;
}

#endif
