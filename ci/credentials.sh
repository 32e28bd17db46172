#!/usr/bin/env bash
# Takes every way to credentials that docs/stores.md names through the whole program: a role of a
# profile, web identity by a profile and by variables, credential_process, and the cache that
# `aws sso login` leaves, each once whole and once broken. moto is S3 and STS, and checks every request
# by its keys and their policies; but for web identity, whose requests have no signature, a second one
# checks nothing. The portal of SSO, which moto has not, is a few lines of Python here that give keys
# from moto. A broken way must end within ten seconds in one line that names its cause.
#
#   ci/credentials.sh
#
# Needs Python 3 with venv, and Maven. Settings:
#   SERVERS_CACHE   where moto is installed and kept; default: ~/.cache/twintail-servers
#   CREDENTIALS_PORT  the first of three ports; default: 17680
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd -P)
cache=${SERVERS_CACHE:-$HOME/.cache/twintail-servers}
port=${CREDENTIALS_PORT:-17680}
portal=$((port + 1))
open=http://127.0.0.1:$((port + 2))
MOTO=5.2.5
for variable in $(compgen -e | grep -E '^(AWS_|TWINTAIL_)'); do unset "$variable"; done
export AWS_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
moto=http://127.0.0.1:$port

work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
[ -x "$cache/venv/bin/moto_server" ] || {
  python3 -m venv "$cache/venv"
  "$cache/venv/bin/pip" -q install "moto[server]==$MOTO"
}
"$here/twintail" --version >"$work/build.log" 2>&1 || { tail -n 5 "$work/build.log" >&2; exit 1; }

# Nine requests of ours prepare a bucket, a user and a role; from then on all must be allowed.
INITIAL_NO_AUTH_ACTION_COUNT=9 "$cache/venv/bin/moto_server" -H 127.0.0.1 -p "$port" >"$work/moto.log" 2>&1 &
pids+=($!)
"$cache/venv/bin/moto_server" -H 127.0.0.1 -p "${open##*:}" >"$work/open.log" 2>&1 &
pids+=($!)
cat >"$work/prepare.py" <<'PYTHON'
import json, socket, sys, time
import boto3
from botocore.config import Config

endpoint, open_endpoint, folder = sys.argv[1:]

def client(name, url=endpoint):
    return boto3.client(name, endpoint_url=url, region_name="us-east-1", aws_access_key_id="none",
                        aws_secret_access_key="none", config=Config(retries={"total_max_attempts": 1}))

for url in endpoint, open_endpoint:
    host, port = url.removeprefix("http://").split(":")
    for _ in range(240):
        try:
            socket.create_connection((host, int(port)), 1).close()
            break
        except OSError:
            time.sleep(0.25)
    client("s3", url).create_bucket(Bucket="rights")
    client("s3", url).put_object(Bucket="rights", Key="store/runs/.keep", Body=b"")
allow = lambda *actions: json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": list(actions), "Resource": "*"}]})
trust = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:user/asker"}, "Action": "sts:AssumeRole"}]})
iam = client("iam")
user = "asker"
iam.create_user(UserName=user)
iam.put_user_policy(UserName=user, PolicyName="ask", PolicyDocument=allow("sts:AssumeRole"))
key = iam.create_access_key(UserName=user)["AccessKey"]
iam.create_role(RoleName="reader", AssumeRolePolicyDocument=trust)
iam.put_role_policy(RoleName="reader", PolicyName="read", PolicyDocument=allow("s3:*"))
given = client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/reader", RoleSessionName="sso")
sso = given["Credentials"]
client("s3").head_bucket(Bucket="rights")
with open(f"{folder}/keys", "w") as file:
    print(key["AccessKeyId"], key["SecretAccessKey"], file=file)
with open(f"{folder}/sso.json", "w") as file:
    json.dump({"roleCredentials": {"accessKeyId": sso["AccessKeyId"], "secretAccessKey": sso["SecretAccessKey"],
                                   "sessionToken": sso["SessionToken"],
                                   "expiration": int(sso["Expiration"].timestamp() * 1000)}}, file)
PYTHON
"$cache/venv/bin/python" "$work/prepare.py" "$moto" "$open" "$work"

cat >"$work/portal.py" <<'PYTHON'
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

class Portal(BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.headers.get("x-amz-sso_bearer_token") == "a-token"
        body = open(sys.argv[2], "rb").read() if known else b'{"message": "Session token not found or invalid"}'
        self.send_response(200 if known else 401)
        if not known:
            self.send_header("x-amzn-ErrorType", "UnauthorizedException")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass

HTTPServer(("127.0.0.1", int(sys.argv[1])), Portal).serve_forever()
PYTHON
python3 "$work/portal.py" "$portal" "$work/sso.json" &
pids+=($!)

read -r key secret <"$work/keys"
mkdir -p "$work/.aws/sso/cache"
printf 'a-web-token' >"$work/token"
cat >"$work/.aws/config" <<CONFIG
[profile keys]
aws_access_key_id = $key
aws_secret_access_key = $secret
[profile role]
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = keys
[profile role-unknown]
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = strangers
[profile strangers]
aws_access_key_id = AKIASTRANGERS
aws_secret_access_key = nothing
[profile web]
role_arn = arn:aws:iam::123456789012:role/reader
web_identity_token_file = $work/token
[profile web-lost]
role_arn = arn:aws:iam::123456789012:role/reader
web_identity_token_file = $work/no-token
[profile process]
credential_process = cat $work/process.json
[profile process-failing]
credential_process = sh -c "echo the vault is shut >&2; exit 7"
[profile sso]
sso_session = here
sso_account_id = 123456789012
sso_role_name = reader
[sso-session here]
sso_region = us-east-1
sso_start_url = http://127.0.0.1:$portal/start
[profile sso-out]
sso_session = gone
sso_account_id = 123456789012
sso_role_name = reader
[sso-session gone]
sso_region = us-east-1
sso_start_url = http://127.0.0.1:$portal/start
CONFIG
python3 - "$work" <<'PYTHON'
import datetime, hashlib, json, sys
work = sys.argv[1]
keys = json.load(open(f"{work}/sso.json"))["roleCredentials"]
json.dump({"Version": 1, "AccessKeyId": keys["accessKeyId"], "SecretAccessKey": keys["secretAccessKey"],
           "SessionToken": keys["sessionToken"]}, open(f"{work}/process.json", "w"))
hour = datetime.timedelta(hours=1)
for session, token, until in (("here", "a-token", hour), ("gone", "an-old-token", -hour)):
    name = hashlib.sha1(session.encode()).hexdigest()
    when = datetime.datetime.now(datetime.timezone.utc) + until
    json.dump({"accessToken": token, "expiresAt": when.strftime("%Y-%m-%dT%H:%M:%SZ")},
              open(f"{work}/.aws/sso/cache/{name}.json", "w"))
PYTHON

failed=0
# way WORDS ok|CAUSE VARIABLE=VALUE ...: lists the store by these; CAUSE is what the one line must say.
way() {
  local words=$1 expected=$2 code=0 began=$SECONDS verdict=ok
  shift 2
  env HOME="$work" AWS_ENDPOINT_URL="$moto" AWS_ENDPOINT_URL_SSO="http://127.0.0.1:$portal" \
    TWINTAIL_CACHE="${TWINTAIL_CACHE:-$HOME/.cache/twintail}" "$@" \
    "$here/twintail" du --store s3://rights/store >"$work/out" 2>"$work/err" || code=$?
  if [ "$expected" = ok ]; then
    [ "$code" = 0 ] || verdict="FAILED: exit $code"
  elif [ "$code" = 0 ] || [ "$(wc -l <"$work/err")" != 1 ] || ! grep -qF "$expected" "$work/err"; then
    verdict="FAILED: exit $code, expected one line with: $expected"
  elif [ $((SECONDS - began)) -gt 10 ]; then
    verdict="FAILED: $((SECONDS - began)) s"
  fi
  printf '%-6s %s%s\n' "${verdict%%:*}" "$words" "$([ "$expected" = ok ] || printf ': %s' "$(cut -c 1-220 "$work/err")")"
  [ "$verdict" = ok ] || { printf '       %s\n' "$verdict"; sed 's/^/       /' "$work/err"; failed=1; }
}

role=arn:aws:iam::123456789012:role/reader
way 'a user without rights' AccessDenied AWS_ACCESS_KEY_ID="$key" AWS_SECRET_ACCESS_KEY="$secret"
way 'a role of a profile' ok AWS_PROFILE=role
way '... whose source is unknown to the server' 'Sts answers 403' AWS_PROFILE=role-unknown
way 'web identity by a profile' ok AWS_ENDPOINT_URL="$open" AWS_PROFILE=web
way '... whose token is not there' "$work/no-token" AWS_PROFILE=web-lost
way 'web identity by variables' ok AWS_ENDPOINT_URL="$open" AWS_WEB_IDENTITY_TOKEN_FILE="$work/token" AWS_ROLE_ARN=$role
way '... without a role' 'AWS_ROLE_ARN is not' AWS_WEB_IDENTITY_TOKEN_FILE="$work/token"
way 'credential_process' ok AWS_PROFILE=process
way '... that fails' 'the vault is shut' AWS_PROFILE=process-failing
way 'the cache of aws sso login' ok AWS_PROFILE=sso
way '... that is out of date' 'aws sso login --profile sso-out' AWS_PROFILE=sso-out
exit $failed
