FROM a
RUN echo "never
RUN cat <<NEVER
text
