FROM a
RUN dnf install -y python3-{devel,pip} 'perl(Foo::Bar)' php-* "lib >= 1.0" {} {one} a{,b}
RUN rm -rf /var/cache/{dnf,tdnf}/* /tmp/[ab]?
RUN [[ -n "$X" && $Y =~ ^a(b|c)$ ]] && echo ok
RUN echo $((1 + 2)) $(( $(nproc) * 2 )) && ((i++)) || true
