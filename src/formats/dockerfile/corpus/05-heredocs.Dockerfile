FROM a
RUN <<EOF
tdnf install -y one
  tdnf install -y two # no more
EOF
RUN <<-"END" bash -e
	dnf install -y three $HOME
	END
RUN cat <<A > /etc/a && cat <<'B' >> /etc/b
first
A
second $x
B
COPY <<motd <<issue /etc/
hello
motd
there
issue
RUN <<PY
#!/usr/bin/env python3
import os; print("tdnf install no")
PY
RUN cat <<< "no heredoc"
