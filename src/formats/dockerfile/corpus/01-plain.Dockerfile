# syntax=docker/dockerfile:1.7
# check=skip=all
FROM mcr.example/base/core:3.0
LABEL maintainer="Some One" version='1 0'
RUN tdnf update -y && tdnf install -y ca-certificates tar gzip && tdnf clean all && rm -rf /var/cache/tdnf
EXPOSE 80/tcp
CMD ["/bin/app", "--flag"]
