make-call open_tree /srv/keys /mnt
cat /mnt/key
