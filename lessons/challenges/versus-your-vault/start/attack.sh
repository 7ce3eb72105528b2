# The other player's move. Runs in the container, line by line.
mv /srv/vault /srv/work/v
cat /srv/work/v/gold > /srv/work/loot
