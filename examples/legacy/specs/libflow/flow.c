#include "flow.h"

#include <stdlib.h>

struct flow {
    unsigned width;
    unsigned long seconds;
    unsigned long amount;
};

flow *flow_open(unsigned width)
{
    flow *channel = calloc(1, sizeof *channel);

    if (channel)
        channel->width = width ? width : 1;
    return channel;
}

void flow_close(flow *channel)
{
    free(channel);
}

void flow_feed(flow *channel, unsigned long amount)
{
    channel->seconds++;
    channel->amount += amount;
}

double flow_rate(const flow *channel)
{
    return channel->seconds ? (double)(channel->amount / channel->seconds) : 0.0;
}

void flow_reset(flow *channel)
{
    channel->seconds = 0;
    channel->amount = 0;
}

const char *flow_version(void)
{
    return FLOW_VERSION;
}
