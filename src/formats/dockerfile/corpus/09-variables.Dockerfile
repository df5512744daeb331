FROM a
ARG PACKAGES="gcc make"
ARG EXTRA
ENV LIST="one two" OTHER=$PACKAGES
RUN tdnf install -y $PACKAGES ${EXTRA} ${EXTRA:-fallback} "$LIST" $OTHER ${PACKAGES%% *}
RUN VER=1.2; URL="https://x.example/$VER/${VER}.tar.gz"; curl -O $URL && tdnf install -y lib-$VER
RUN if true; then CHOICE=a; else CHOICE=b; fi; tdnf install -y $CHOICE
RUN tdnf install -y $(cat list | grep -v '#') `cat more`
