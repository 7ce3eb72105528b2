# Runs in the container, line by line.
mount -o bind /srv/keys /mnt
cat /mnt/key
