export PORT=8100 COOKIE_SECRET=$(openssl rand -hex 32)
.venv/bin/idp --config .demo/settings.toml clients edit $CLIENT_ID \
    --backchannel-logout-uri "$SITE/callback?logout=backchannel"
mkdir -p my-site/www
echo 'Bonjour, <!--#echo var="OIDC_CLAIM_name" --> !' > my-site/www/index.html
