export ISSUER=http://127.0.0.1:8000 SITE=http://127.0.0.1:8100 CLIENT_ID=my-site
export CLIENT_SECRET=$(.venv/bin/idp --config .demo/settings.toml clients add $CLIENT_ID \
    --name "My site" --first-party --scope profile --grant-type refresh_token \
    --redirect-uri $SITE/callback --post-logout-uri $SITE/ | tail -n 1)
