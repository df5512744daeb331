FROM a
INSTALL tdnf
run echo lower case
From b As c
COPY
RUN
FROM
