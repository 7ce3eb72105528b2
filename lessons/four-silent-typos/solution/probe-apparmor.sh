# sh probe-apparmor.sh POD: ends with 0 if the pod cannot write in /data.
kubectl exec $1 -- touch /tmp/canary && ! kubectl exec $1 -- touch /data/canary
