FROM a
ONBUILD RUN tdnf install -y later
ONBUILD COPY . /app
HEALTHCHECK --interval=5s --timeout=3s CMD curl -f http://localhost/ || exit 1
HEALTHCHECK NONE
STOPSIGNAL SIGTERM
VOLUME ["/data", "/log"]
USER app:app
MAINTAINER "it's me"
