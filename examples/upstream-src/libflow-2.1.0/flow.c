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

/* Programs linked before 1.1 expect whole numbers and get them from the old symbol. */
double flow_rate_whole(const flow *channel)
{
    return channel->seconds ? (double)(channel->amount / channel->seconds) : 0.0;
}

double flow_rate_exact(const flow *channel)
{
    return channel->seconds ? (double)channel->amount / (double)channel->seconds : 0.0;
}

__asm__(".symver flow_rate_whole, flow_rate@FLOW_1.0");
__asm__(".symver flow_rate_exact, flow_rate@@FLOW_1.1");

double flow_rate_scaled(const flow *channel)
{
    return flow_rate_exact(channel) / channel->width;
}

const char *flow_version(void)
{
    return FLOW_VERSION;
}
