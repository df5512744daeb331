# escape=`
FROM windows
RUN echo a `
  b
COPY a b\
