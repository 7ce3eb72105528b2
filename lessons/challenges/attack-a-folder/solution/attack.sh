mv /data /tmp/d
touch /tmp/d/loot
mv /tmp/d /data
