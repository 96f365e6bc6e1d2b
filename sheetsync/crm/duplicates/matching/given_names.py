"""Given names and what people make of them: Саша and Alex are Александр, Bill is William.

A line holds what one person may be called, in any script. A name may stand in several lines: Саша
is Александр and Александра. These are the usual names of Russian and English speakers with their
customary short forms, written down from common use. A name that is missing here is compared by its
letters only.
"""

from __future__ import annotations

LINES = """
александр саша саня шура шурик санёк алекс alexander alex sandro alejandro
александра саша саня шура alexandra sandra
алексей лёша алёша лёха alexei alexis
алина аля
алиса alice
алла аля
анастасия настя ася настёна anastasia stacy
анатолий толя толик
андрей андрюша andrew andy drew andre
анна аня анюта нюра нюша anne ann anna hannah annie
антон тоша антоша anthony tony antonio
антонина тоня
арина аринка
аркадий аркаша
арсений сеня
артём тёма артемий artem
артур arthur art
богдан бодя
борис боря boris
вадим вадик
валентин валя valentine
валентина валя
валерий валера
валерия лера valerie
варвара варя barbara barb babs
василий вася vasily basil
василиса вася
вера vera
вероника ника veronica
виктор витя victor vic
виктория вика victoria vicky tori
виталий виталик
владимир вова володя вовка vladimir
владислав влад слава
всеволод сева
вячеслав слава
галина галя
геннадий гена
георгий жора гоша george
герман гера
глеб gleb
григорий гриша gregory greg
дарья даша darya dasha
давид david dave davie
денис dennis denny
диана diana diane
дмитрий дима митя димон dmitri demetrius
ева eve eva
евгений женя eugene gene
евгения женя eugenia
егор
екатерина катя катюша catherine katherine kate katie kathy cathy kathryn
елена лена леночка helen helena ellen elena
елизавета лиза elizabeth liz beth betty lisa eliza bess lizzie
жанна
jane janie
joan
jean
john jack johnny
ian
захар
зинаида зина
зоя zoe
иван ваня ivan
игорь
илья ильюша elijah eli
инна
ирина ира irene
инесса
камилла camilla
карина
кирилл кирюша cyril
клавдия клава claudia
константин костя constantine
кристина christina christine chris tina kristen
ксения ксюша xenia
лариса лара
леонид лёня leonid
лев лёва leo leon
лидия лида lydia
лилия лиля lily
любовь люба
людмила люда мила
макар
максим макс maxim max
маргарита рита margaret maggie meg peggy greta rita
марина marina
мария маша маруся mary maria marie molly polly
марк mark marcus
матвей matthew matt
михаил миша michael mike mick mickey
надежда надя hope
наталья наташа ната natalia natalie
никита
николай коля nicholas nick nicolas nico
нина nina
оксана ксюша
олег
олеся леся
ольга оля olga
павел паша paul
полина поля pauline
пётр петя peter pete
раиса рая
ринат
роберт robert rob bob bobby bert
родион родя
роман рома roman
руслан
светлана света
семён сёма simon
сергей серёжа серый serge sergio
снежана
софья софия соня sophia sophie
станислав стас слава stanislav stan
степан стёпа stephen steven steve
таисия тая
тамара тома
татьяна таня tatiana
тимофей тима timothy tim
тимур
ульяна уля juliana
фёдор федя theodore ted teddy
филипп филя philip phil
эдуард эдик edward ed eddie ted ned
элина
эльвира эля
юлия юля julia julie
юрий юра
яков яша jacob jake
яна
ярослав слава
айгуль
айдар
азат
алмаз
анвар
аслан
асель
гульнара
данияр
ерлан
жанар
ильдар
марат
нурлан
рустам
тигран
ахмед ahmed
мохаммед mohammed muhammad
abigail abby
adam
alan allan
albert al bert
alison ally
amanda mandy
amy
angela angie
anita
arnold
ashley
austin
benjamin ben benny
bernard bernie
beverly bev
brandon
brenda
brian bryan
bruce
bradley brad
caroline carol carrie
charles charlie chuck carl
charlotte lottie
chloe
christopher chris kit
clifford cliff
cynthia cindy
daniel dan danny
deborah debra deb debbie
donald don donnie
donna
dorothy dot dottie
douglas doug
dylan
emily em
emma
eric erik
ethan
evelyn
frances fran
francis frank
frederick fred freddie
gary
gerald gerry jerry
gloria
grace
harold harry hal
heather
henry harry hank
isabella isabel bella
jacqueline jackie
james jim jimmy jamie
jason jay
jeffrey jeff geoffrey geoff
jennifer jen jenny
jeremy jerry
jessica jess jessie
jonathan jon
jordan
joseph joe joey
joshua josh
joyce
judith judy
justin
karen
keith
kelly
kenneth ken kenny
kevin
kimberly kim
kyle
larry lawrence laurence
laura laurie
linda
logan
louis lou louie
lucas luke
lucy
madeline maddie
marilyn
martha
martin marty
megan
melissa mel
nancy
nathan nathaniel nate
noah
olivia
pamela pam
patricia pat patty trish
patrick pat paddy
philippa pippa
rachel
ralph
raymond ray
rebecca becky
richard rick dick rich
ronald ron ronnie
rose rosie
roger
roy
russell russ
ruth
ryan
samuel sam sammy
samantha sam
sarah sara sally
scott
sean shaun shawn
sharon
shirley
susan sue susie suzanne
terence terry
teresa theresa terry tess
thomas tom tommy
tyler
vincent vince
virginia ginny
walter walt wally
wayne
william will bill billy liam
zachary zach
"""
