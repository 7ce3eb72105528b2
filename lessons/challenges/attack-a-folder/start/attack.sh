# Runs in the container, line by line.
touch /data/loot
