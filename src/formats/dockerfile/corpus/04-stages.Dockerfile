ARG VERSION=3.0
ARG REGISTRY
FROM base:${VERSION} AS Build
ARG VERSION
ENV DEST=/out
RUN make DESTDIR=$DEST v=$VERSION
FROM --platform=$BUILDPLATFORM ${REGISTRY:-mcr.example}/core as mid
FROM build AS final
RUN ls $DEST $VERSION
COPY --from=build --chown=1:1 /out /
COPY --from=mid ["a b", "/c d/"]
FROM $REGISTRY/none
