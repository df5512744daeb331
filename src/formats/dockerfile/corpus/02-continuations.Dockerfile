FROM a
RUN tdnf install -y \
      # why this one
      zlib \

      # and this
      make   \   
      gcc-c++ && \
    true
ENV A=1 \
    B="two \
words"
RUN echo trailing \
