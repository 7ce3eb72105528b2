cp /bin/mount /tmp/m
/tmp/m -o bind /srv/keys /mnt
cat /mnt/key
