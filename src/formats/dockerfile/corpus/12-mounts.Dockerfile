FROM a
RUN --mount=type=cache,id=dnf,target=/var/cache/tdnf,sharing=locked --network=none tdnf install -y one
RUN --mount=type=bind,from=mcr.example/tools:1,source=/x,target=/y \
    --security=insecure \
    cp /y/z /
ADD --checksum=sha256:00 https://x.example/a.tgz /a/
