# The other player's move. Runs in the container, line by line.
mv /srv/vault /srv/work/v
cat /srv/work/v/gold > /srv/work/loot
cp /bin/touch /srv/work/touch
/srv/work/touch /srv/vault/flag
mv /srv/public /srv/work/p
sh -c 'echo mine >> /srv/work/p/page'
