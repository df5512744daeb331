FROM a
RUN set -eux; \
    . /etc/os-release; \
    case "$ID" in \
      mariner|azurelinux) tdnf install -y a ;; \
      fedora) dnf install -y b ;; \
      *) echo "unknown $ID" >&2; exit 1 ;; \
    esac; \
    for p in x y z; do tdnf install -y "$p-devel"; done; \
    while read -r line; do echo "$line"; done < /list; \
    if ! command -v git >/dev/null 2>&1; then tdnf -y install git; fi; \
    install_it() { tdnf install -y "$1"; }; install_it c
