FROM a
RUN bash -c "tdnf install -y one && bash -c 'tdnf install -y two'"
RUN sudo sh -c 'echo hi > /x; tdnf install three'
RUN (cd /src && (make || make again)) && { ls; }
RUN X=$(tdnf list installed | wc -l) && test "$X" -gt "$(dnf repoquery --installed | wc -l)"
RUN echo 'a;b|c' "d && e" f\;g
