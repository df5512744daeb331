# syntax=docker/dockerfile:1
# Written for Old Mill 1.0 and never touched since.
ARG BASE=registry.oldmill.example/oldmill/base:1.0

FROM ${BASE} AS builder
ARG TURBINE_VERSION=1.6
ENV TDF_CACHE=/var/cache/tdf
RUN --mount=type=cache,target=/var/cache/tdf \
    tdf update -y && \
    tdf install -y --releasever=1.0 \
        gcc \
        make \
        libflow-devel \
        libgauge-devel \
        headrace-devel \
        turbine-${TURBINE_VERSION}-2.om1
WORKDIR /src
COPY meter.c .
# The soname of the old library is spelled out.
RUN gcc -O2 -I/usr/include/headrace -o meter meter.c -lgauge -l:libflow.so.1 && \
    readelf -d meter | grep -q 'libflow.so.1'

FROM ${BASE} AS app
ENV FLOW_WIDTH=20 \
    PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN . /etc/os-release && \
    if [ "$ID" = "oldmill" ]; then \
      tdf install -y sluice libflow-tools libgauge-utils millnote waterclock python3-eddy shadow-utils && \
      tdf clean all && rm -rf /var/cache/tdf/*; \
    else \
      echo "this file is for Old Mill" >&2; exit 1; \
    fi
RUN if [ -f /etc/oldmill-release ]; then cat /etc/oldmill-release; fi
RUN sed -i 's/enabled=0/enabled=1/' /etc/yum.repos.d/oldmill-official-base.repo || true
RUN useradd --system --uid 1500 --no-create-home meter && \
    install -d -o meter /var/lib/meter
COPY --from=builder /src/meter /usr/local/bin/meter
COPY sluice.conf /etc/sluice.conf
RUN systemctl enable sluice.service
RUN rpm --dbpath /var/lib/rpm -qa > /usr/share/packages.txt
USER meter
EXPOSE 7410
HEALTHCHECK CMD /usr/sbin/flowctl 10 5 || exit 1
ENTRYPOINT ["/usr/sbin/sluiced"]
CMD ["--once"]

FROM registry.oldmill.example/oldmill/minimal:1.0
COPY --from=app /usr/local/bin/meter /usr/local/bin/meter
COPY --from=app /usr/lib64/libflow.so.1 /usr/lib64/libflow.so.1
ENTRYPOINT ["/usr/local/bin/meter"]
