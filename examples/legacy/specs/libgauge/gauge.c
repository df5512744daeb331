#include "gauge.h"

#include <flow.h>

enum gauge_level gauge_judge(unsigned width, const unsigned long *amounts, size_t count)
{
    flow *channel = flow_open(width);
    double rate;

    if (!channel)
        return GAUGE_LOW;
    for (size_t i = 0; i < count; i++)
        flow_feed(channel, amounts[i]);
    rate = flow_rate(channel) / (width ? width : 1);
    flow_close(channel);
    return rate < 0.5 ? GAUGE_LOW : rate < 5.0 ? GAUGE_NORMAL : GAUGE_HIGH;
}

const char *gauge_name(enum gauge_level level)
{
    static const char *const names[] = { "low", "normal", "high" };

    return names[level];
}
