#ifndef FLOW_H
#define FLOW_H

#define FLOW_VERSION "1.4"

typedef struct flow flow;

/* A channel of the given width in millimetres; NULL when there is no memory. */
flow *flow_open(unsigned width);
void flow_close(flow *channel);

/* Adds water that came through within one second, in millilitres. */
void flow_feed(flow *channel, unsigned long amount);

/* Average rate in millilitres per second. */
double flow_rate(const flow *channel);

/* Forgets what was fed so far. */
void flow_reset(flow *channel);

const char *flow_version(void);

#endif
