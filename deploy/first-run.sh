#!/bin/sh
# 首次安装：生成 .env（随机密码）、lantian.yaml、证书机构与消息服务器证书。可反复运行，已有的一律保留。
# The first run: makes .env (random passwords), lantian.yaml, an authority and the broker's certificate. It may be run again: what is
# there is kept.
set -eu
umask 077

TLS=deploy/tls
CA_DAYS=3650
SERVER_DAYS=825
# Within so many seconds of its end (60 days) a certificate is spoken of.
SOON=5184000

say() { printf '%s\n  %s\n' "$1" "$2"; }
fail() {
  code=$1
  shift
  say "$@" >&2
  exit "$code"
}

usage() {
  cat <<'HELP'
用法 Usage: sh deploy/first-run.sh [--host NAME]... [--renew-certificate]

  --host NAME           设备连接消息服务器所用的域名或 IP，可多次 a name or address by which devices reach the broker; may be given again
  --renew-certificate   用同一证书机构换发服务器证书 a new server certificate by the same authority
  --help                本说明 this

生成 Makes (已有的保留 what is there is kept):
  .env                  各服务的随机密码 (0600) random passwords of the services
  lantian.yaml          设置，由 lantian.example.yaml 复制 settings, a copy of lantian.example.yaml
  deploy/tls/           证书机构 ca.key（请离线备份）、broker/ 中的服务器证书 the authority and the broker's certificate
退出码 Exit codes: 0 完成 done; 1 失败 failed; 2 用法有误或缺少 openssl wrong usage, or no openssl
HELP
}

# A value that stands in a certificate's and this script's lists.
check_host() {
  case $1 in
  '' | -* | *[!A-Za-z0-9.:-]*) fail 2 "不是域名或 IP：$1" "not a name or an address: $1" ;;
  esac
}

hosts=
renew=
while [ $# -gt 0 ]; do
  case $1 in
  --host)
    [ $# -gt 1 ] || fail 2 "--host 后应有域名或 IP" "--host needs a name or an address"
    check_host "$2"
    hosts="$hosts $2"
    shift
    ;;
  --renew-certificate) renew=yes ;;
  --help | -h)
    usage
    exit 0
    ;;
  *) fail 2 "没有这个选项：$1（见 --help）" "unknown option $1, see --help" ;;
  esac
  shift
done

cd "$(dirname "$0")/.."
[ -f .env.example ] || fail 2 "缺少 .env.example：请在完整的项目目录中运行" ".env.example is missing: run this in a whole copy of the project"
command -v openssl >/dev/null || fail 2 "缺少 openssl：Debian、Ubuntu 上 apt-get install openssl" "openssl is missing: apt-get install openssl on Debian or Ubuntu"

mkdir -p $TLS/broker
chmod 700 $TLS
chmod 755 $TLS/broker
# Beside what is made, so that a file changes its name at once and a full disk leaves the old one.
work=$(mktemp -d "$TLS/new.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

# .env: each name that .env.example leaves empty gets a password, unless it has one.
make_env() {
  touch .env
  chmod 600 .env
  names=$(sed -n 's/^\([A-Z][A-Z0-9_]*\)=$/\1/p' .env.example)
  cp .env "$work/env"
  # A last line without an end would swallow the next.
  [ -z "$(tail -c 1 .env)" ] || printf '\n' >>"$work/env"
  made=
  for name in $names; do
    grep -q "^$name=." "$work/env" && continue
    sed "/^$name=\$/d" "$work/env" >"$work/env.next"
    printf '%s=%s\n' "$name" "$(openssl rand -hex 24)" >>"$work/env.next"
    mv "$work/env.next" "$work/env"
    made="$made $name"
  done
  if [ -n "$made" ]; then
    mv "$work/env" .env
    say ".env：已生成密码$made" ".env: made passwords$made"
  else
    say ".env：已有，未改动" ".env: is there, left as it is"
  fi
}

make_settings() {
  [ -e lantian.yaml ] && return
  cp lantian.example.yaml lantian.yaml
  # It holds no secret, and a container's own user reads it.
  chmod 644 lantian.yaml
  say "lantian.yaml：由示例复制，请按本县情况修改" "lantian.yaml: a copy of the example; change it to what your county needs"
}

make_authority() {
  [ -s $TLS/ca.key ] && [ -s $TLS/broker/ca.pem ] && return
  [ ! -e $TLS/ca.key ] && [ ! -e $TLS/broker/ca.pem ] ||
    fail 1 "证书机构不完整：从备份恢复 $TLS，或移走后重新运行（设备须换 CA）" "the authority is not whole: restore $TLS from a backup, or move it away and run this again (devices then need the new CA)"
  cat >"$work/ca.cnf" <<'CONF'
[req]
distinguished_name = name
prompt = no
[name]
O = Lantian
CN = Lantian county authority
[ca]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
CONF
  openssl req -x509 -newkey rsa:3072 -nodes -sha256 -days $CA_DAYS -config "$work/ca.cnf" -extensions ca \
    -keyout "$work/ca.key" -out "$work/ca.pem" 2>"$work/openssl.log" || fail 1 "openssl 失败" "openssl failed: $(cat "$work/openssl.log")"
  chmod 644 "$work/ca.pem"
  mv "$work/ca.pem" $TLS/broker/ca.pem
  mv "$work/ca.key" $TLS/ca.key
  say "$TLS/broker/ca.pem：证书机构，交给每个设备；$TLS/ca.key 请离线备份" "$TLS/broker/ca.pem: the authority, for every device; keep a copy of $TLS/ca.key offline"
}

# DNS:name or IP:address of each host, joined by commas.
alternatives() {
  list=
  for host in "$@"; do
    case $host in
    *:*) kind=IP ;;
    *[!0-9.]*) kind=DNS ;;
    *) kind=IP ;;
    esac
    list="$list,$kind:$host"
  done
  printf '%s' "${list#,}"
}

# RSA, because modules in the field that know nothing else are common.
make_certificate() {
  if [ -s $TLS/broker/server.pem ] && [ -s $TLS/broker/server.key ] && [ -z "$renew" ]; then
    for host in $hosts; do
      grep -qx "$host" $TLS/hosts || fail 2 "证书中没有 $host：加 --renew-certificate 换发" "the certificate does not have $host: add --renew-certificate for a new one"
    done
    return
  fi
  { [ -f $TLS/hosts ] && cat $TLS/hosts || printf '%s\n' mosquitto localhost 127.0.0.1 "$(uname -n)"; } >"$work/hosts"
  for host in $hosts; do grep -qx "$host" "$work/hosts" || printf '%s\n' "$host" >>"$work/hosts"; done
  # shellcheck disable=SC2046
  names=$(alternatives $(cat "$work/hosts"))
  cat >"$work/server.cnf" <<CONF
[req]
distinguished_name = name
prompt = no
[name]
O = Lantian
CN = Lantian broker
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
authorityKeyIdentifier = keyid
subjectAltName = $names
CONF
  openssl req -new -newkey rsa:2048 -nodes -sha256 -config "$work/server.cnf" -keyout "$work/server.key" -out "$work/server.csr" 2>"$work/openssl.log" &&
    openssl x509 -req -sha256 -in "$work/server.csr" -CA $TLS/broker/ca.pem -CAkey $TLS/ca.key -set_serial "0x$(openssl rand -hex 16)" \
      -days $SERVER_DAYS -extfile "$work/server.cnf" -extensions server -out "$work/server.pem" 2>>"$work/openssl.log" ||
    fail 1 "openssl 失败" "openssl failed: $(cat "$work/openssl.log")"
  # The broker's user in its container is not the one that runs this. The folder above lets nobody else of this machine in.
  chmod 644 "$work/server.pem" "$work/server.key"
  mv "$work/server.key" $TLS/broker/server.key
  mv "$work/server.pem" $TLS/broker/server.pem
  mv "$work/hosts" $TLS/hosts
  say "$TLS/broker/server.pem：服务器证书（$names）" "$TLS/broker/server.pem: the broker's certificate ($names)"
  if [ -n "$renew" ]; then
    say "使其生效：docker compose kill -s HUP mosquitto" "to put it into use: docker compose kill -s HUP mosquitto"
  fi
}

tell_end() {
  end=$(openssl x509 -noout -enddate -in $TLS/broker/server.pem | cut -d= -f2)
  say "服务器证书有效至 $end" "the broker's certificate holds until $end"
  openssl x509 -noout -checkend $SOON -in $TLS/broker/server.pem >/dev/null ||
    say "即将到期：sh deploy/first-run.sh --renew-certificate" "it ends soon: sh deploy/first-run.sh --renew-certificate"
}

tell_next() {
  docker compose version >/dev/null 2>&1 ||
    say "缺少 Docker 及其 compose 插件：请先安装" "Docker with its compose plugin is missing: install it first"
  cat <<'NEXT'
接下来 Next:
  docker compose up -d
  docker compose cp mosquitto:/mosquitto/access/broker-credentials.csv .
      各设备的用户与密码，分发后删除 users and passwords of devices: hand them out, then delete it (docs/deploy.md)
  http://127.0.0.1:3000   Grafana: admin, 密码见 password in .env: GRAFANA_ADMIN_PASSWORD
NEXT
}

make_env
make_settings
make_authority
make_certificate
tell_end
tell_next
