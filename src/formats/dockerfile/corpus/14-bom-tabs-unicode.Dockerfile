# escape=\

FROM a
	RUN	tdnf	install	-y	one	
   # indented comment
RUN echo ü 💧 && tdnf install -y two