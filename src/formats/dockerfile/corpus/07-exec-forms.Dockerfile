FROM a
RUN ["tdnf", "install", "-y", "one"]
RUN [ "/bin/bash", "-o", "pipefail", "-c", "tdnf install -y two | cat" ]
RUN ["broken", 'json']
RUN [ -f /x ] && echo y
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
RUN echo three
SHELL ["powershell", "-Command"]
RUN Get-Item
ENTRYPOINT ["/bin/sh", "-c", "exec app \"$@\""]
